"""A partnership: its purpose, aims, partners and terms, and how a partner leaves."""
