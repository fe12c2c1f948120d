"""Finds what is wrong with a CDS Hooks payload, anybody's, and says where, by which requirement and how to mend it."""
