"""How facts are kept: one log in PostgreSQL."""
