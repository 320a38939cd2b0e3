"""Peer reviews: who reviewed whom, how far each went, and what came of what it found."""
