"""Which kind of request words are: classifiers that learn from the examples in prompts/requests."""
