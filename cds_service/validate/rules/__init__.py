"""What no JSON Schema says: one function a rule, grouped by what it looks at."""
