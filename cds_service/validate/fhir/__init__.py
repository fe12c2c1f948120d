"""FHIR resources inside payloads: the models of fhir.resources (R4B), and what those let through.

R4 (4.0.1) and R4B (4.3.0) agree on every resource that an order or a card is about; the types that only R4 has are
passed over.
"""
