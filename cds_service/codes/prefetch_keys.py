"""The names of the prefetch keys: what is asked of an EHR, and what an answer cannot do without.

Source: clinical specification 0.3, section 7 (medication requests and neutrophil counts are required).
"""

PATIENT = "patient"
MEDICATIONS = "medications"
NEUTROPHILS = "neutrophils"
LABS = "labs"
VITALS = "vitals"
CONDITIONS = "conditions"

REQUIRED = (MEDICATIONS, NEUTROPHILS)
ALL = (PATIENT, MEDICATIONS, NEUTROPHILS, LABS, VITALS, CONDITIONS)
WITH_OBSERVATIONS = (NEUTROPHILS, LABS, VITALS)
