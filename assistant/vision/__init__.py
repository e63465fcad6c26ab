"""Pictures to words: a vision-language model, or the reader."""
