"""Second floor: HTTP, pages and feeds."""
