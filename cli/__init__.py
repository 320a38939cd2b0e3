"""Top floor: the terminal."""
