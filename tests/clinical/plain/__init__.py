"""The clinical core once more, slow and plain, written from the clinical specification (0.3, sections 3 and 9) alone.

It shares with ``cds_service.clinical`` only the facts (``record``) and never its code: day by day and count by count,
lists and loops, the numbers written out as the specification has them. ``test_plain`` compares the two on made-up
patients; where they differ, the specification decides, and a line in ``tests/clinical/tables`` says how.
"""
