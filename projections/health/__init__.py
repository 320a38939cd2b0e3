"""How a partnership is doing: eight dimensions of what the record shows, and what partners say beside them."""
