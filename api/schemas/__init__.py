"""What requests may hold and what answers look like: the words of the OpenAPI document."""
