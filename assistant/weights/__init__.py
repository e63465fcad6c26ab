"""A checkpoint's files: found, or fetched from where they can be had, and trusted for their digests alone.

store (the story) → sources (the places, in order) → hub, package_index, download → verified.
"""

from assistant.weights.store import Weights

__all__ = ["Weights"]
