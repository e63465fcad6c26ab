"""SQLite, and the originals of what was handed over."""
