"""Plays the EHR: discovery, prefetch, drafted orders, one hook call, for whatever part of us needs an EHR."""
