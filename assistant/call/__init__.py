"""A conversation by voice: who has the floor, what is heard and said. Knows no WebSocket and no page."""
