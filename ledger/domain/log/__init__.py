"""What the ledger says of itself: its keys, closed periods, redactions."""
