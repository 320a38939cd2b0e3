"""Real input: a public register of schools, and a trust's own spreadsheet of past support."""
