"""Ground floor: what is true, and how it is kept and proved."""
