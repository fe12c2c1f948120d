"""From FHIR JSON to facts. Pure: nothing here opens a socket, reads a clock or raises for what an EHR sent.

``read_drafts`` reads the orders being written, ``read_record`` everything on file; ``unresolved_references`` names the
Medications that somebody should read first, and ``decode_medication`` reads what came back.
"""

from cds_service.fhir.read.drafts import read_drafts
from cds_service.fhir.read.identity import decode_medication
from cds_service.fhir.read.record import read_record
from cds_service.fhir.read.shelf import unresolved_references

__all__ = ["decode_medication", "read_drafts", "read_record", "unresolved_references"]
