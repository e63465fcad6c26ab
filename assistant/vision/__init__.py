"""Seeing: a describer puts a picture into words, the reader reads the text in it."""
