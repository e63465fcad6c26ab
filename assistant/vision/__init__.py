"""Vision: a captioner puts a picture into words, OCR reads the text in it, a classifier guesses at its subject."""
