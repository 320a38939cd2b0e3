"""The programme report over a set of partnerships, and the one side for governors."""
