"""What is kept for good: one database for feedback and audit, how it is opened and brought up to date, who writes."""
