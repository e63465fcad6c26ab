"""Text normalization: written text becomes words that can be spoken."""
