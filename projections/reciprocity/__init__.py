"""Who gave whom how much: bitemporal entries, and the balances worked out of them."""
