"""Webhooks: bookmarks on the log, whose facts are sent to an address in order, one at a time."""
