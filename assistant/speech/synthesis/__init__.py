"""Voices: text read aloud."""
