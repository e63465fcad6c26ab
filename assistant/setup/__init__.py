"""The models made from the settings, and their weights."""
