"""Who could speak for whom, and when."""
