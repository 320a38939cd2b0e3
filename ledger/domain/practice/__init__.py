"""A practice given away: shared, assured, adopted, and returned better."""
