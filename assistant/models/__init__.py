"""Which model for which role and machine, and loading in the background."""
