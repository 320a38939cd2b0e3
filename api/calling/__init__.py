"""What a client of the ledger needs to call it: connections, credentials, patience, and the words of its answers."""
