"""The entries of an organisation or a pair as an account: line by line, with the balance after each."""
