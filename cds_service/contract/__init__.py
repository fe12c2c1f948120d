"""The CDS Hooks contract as data: its requirements with their ids, its JSON Schemas, the OpenAPI document. Pure."""
