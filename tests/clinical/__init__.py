"""Tests of the clinical core: tables a clinician can read (``tables/*.md``), the state grid, and properties."""
