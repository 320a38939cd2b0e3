"""What frameworks were published and which terms were set, version by version."""
