"""What is handed over, taken in: modalities, long recordings and films, the background."""
