"""The first floor: what the ledger concludes from its facts, kept in tables that can be dropped and built again."""
