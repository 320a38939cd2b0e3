"""Practices given away: by whom, assured by whom, adopted, and come back better."""
