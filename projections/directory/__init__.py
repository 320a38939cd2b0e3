"""Who there is: organisations, trusts, partnerships and their terms, as every other view names them."""
