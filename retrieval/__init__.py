"""The library: files into passages, vectors and ranked evidence."""
