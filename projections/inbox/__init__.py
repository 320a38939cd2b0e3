"""What needs a reader: what waits for its word, what falls due, and where a partner may leave."""
