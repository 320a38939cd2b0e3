"""Who may come in: what is remembered of credentials, access tokens and the keys that sign them."""
