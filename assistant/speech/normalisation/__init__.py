"""Written words made into words that can be spoken."""
