"""Plays an EHR against any CDS service and tells, requirement by requirement, what it keeps."""
