"""The endpoints, a file per resource: each reads, asks the floors below, and answers."""
