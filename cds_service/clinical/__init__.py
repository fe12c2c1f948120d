"""The clinical core: pure functions from a record to an assessment. No I/O, no clock, no FHIR.

Read in this order: ``record`` (the facts), ``series``, ``neutrophils``, ``intervals``, ``exposure``, ``episodes``,
``fever``, ``mas`` (what they mean), ``picture`` (all of it for one patient), ``state`` and ``rows`` (the base rows as
data), ``gaps`` (when none can be answered), ``questions``, ``overlays`` (cards beside the base rows), ``assess``.
"""
