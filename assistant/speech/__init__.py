"""Speech to text, and whether there is speech at all."""
