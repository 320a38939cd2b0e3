"""The board: what is offered and asked for, what is left of it, and what would go together."""
