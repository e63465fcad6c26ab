"""One file per family of documents, found by discovery."""
