"""What keeps cards from being sent: modes of clients, services and advice codes, changed without a restart."""
