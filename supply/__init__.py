"""What we depend on: the pinned versions, what is known against them, and the bill of materials."""
