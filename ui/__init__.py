"""The page: what a browser sends becomes a Turn, what an answer streams becomes messages."""
