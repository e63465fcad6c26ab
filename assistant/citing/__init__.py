"""Sentences tied to the evidence that supports them."""
