"""A peer review of one organisation by others."""
