"""A conversation by voice: turn-taking, what is heard and said. Knows no WebSocket and no page."""
