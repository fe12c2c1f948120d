"""The CDS Hooks 2.0 vocabulary: request, services, prefetch templates, response (https://cds-hooks.hl7.org/2.0/)."""
