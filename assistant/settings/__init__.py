"""One frozen Settings: from flags, variables and what was chosen on the page."""
