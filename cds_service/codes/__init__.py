"""The code lists: drugs, conditions, laboratory tests, units, and the names of the prefetch keys.

Each list names its source and, where the clinical specification marks it, whether a code was checked there.
Nothing here knows FHIR; look-ups are plain dictionaries.
"""
