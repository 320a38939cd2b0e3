"""The uncomfortable stories of the demonstration, each with what later views are expected to say about it."""
