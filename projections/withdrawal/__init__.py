"""Points at which a partner may leave, worked out from what is recorded, and what leaving takes."""
