"""First floor: what we conclude from the facts."""
