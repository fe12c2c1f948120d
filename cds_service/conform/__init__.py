"""Plays an EHR against any CDS Hooks service, and says for each requirement whether the service kept it.

``run.conform`` is the whole run in order: discovery, calls, prefetch, malformed calls, browsers, feedback, time,
security. Each group is a module of small checks; ``lines`` turns what they found into one line a requirement.
"""
