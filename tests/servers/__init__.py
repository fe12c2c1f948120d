"""FHIR servers that others wrote, started for the tests: the service must get along with their habits."""
