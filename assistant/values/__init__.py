"""Plain frozen values: parts, evidence, events, errors, limits. They know nobody."""
