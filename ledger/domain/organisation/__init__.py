"""Schools, trusts and the other organisations that support each other."""
