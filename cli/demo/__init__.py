"""The demonstration: a seeded programme of invented schools, posted week by week through the ledger's own door."""
