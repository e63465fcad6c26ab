"""The core: turns what comes in into plain values and fuses them into one answer."""
