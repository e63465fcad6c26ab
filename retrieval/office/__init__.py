"""Office files: what Word, Excel and PowerPoint show of what they store."""
