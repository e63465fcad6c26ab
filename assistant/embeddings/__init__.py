"""Texts and pictures as vectors; reranking."""
