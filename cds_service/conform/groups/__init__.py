"""The checks, a module for each group, in the order of a run."""
