"""The benchmark: what one hook call costs, always beside something known, as ratios within one run.

Absolute times drift by a factor of two within minutes on shared machines, so they are shown but never compared.
``make bench`` runs all of it; ``docs/performance.md`` keeps the figures. It compares, and fails no test run.
"""
