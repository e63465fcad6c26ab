"""Words: tokens, sentences, numerals, scripts and what they refer to. Knows no file, no model."""
