"""How facts are proved: records, hashes, the tree and its checkpoints."""
