"""People in their roles; names and addresses are sealed."""
