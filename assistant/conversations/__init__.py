"""Conversations that last: turns, files and shared copies, in SQLite and in archives."""
