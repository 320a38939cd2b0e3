"""Speed, measured as ratios: one file for each question."""
