"""The verbs that the core needs and others implement, one file a subject."""
