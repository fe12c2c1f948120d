"""What the service knows, published from the same source it works from, so that it cannot drift."""
