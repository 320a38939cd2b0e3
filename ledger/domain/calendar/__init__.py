"""Term dates: they differ by local authority, so they are facts."""
