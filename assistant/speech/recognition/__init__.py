"""Recordings and live speech made into words with times."""
