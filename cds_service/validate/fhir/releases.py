"""Resource types by release: what R4 calls what another release sent. https://hl7.org/fhir/R4/diff.html"""

from collections.abc import Mapping
from types import MappingProxyType

OLDER: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "MedicationOrder": ("DSTU2", "MedicationRequest"),
        "DiagnosticOrder": ("DSTU2", "ServiceRequest"),
        "DeviceUseRequest": ("DSTU2", "DeviceRequest"),
        "Conformance": ("DSTU2", "CapabilityStatement"),
        "Order": ("DSTU2", "Task"),
        "OrderResponse": ("DSTU2", "Task"),
        "ImagingObjectSelection": ("DSTU2", "ImagingStudy"),
        "ProcedureRequest": ("DSTU2 and STU3", "ServiceRequest"),
        "ReferralRequest": ("DSTU2 and STU3", "ServiceRequest"),
        "EligibilityRequest": ("DSTU2 and STU3", "CoverageEligibilityRequest"),
        "EligibilityResponse": ("DSTU2 and STU3", "CoverageEligibilityResponse"),
        "BodySite": ("DSTU2 and STU3", "BodyStructure"),
        "Sequence": ("STU3", "MolecularSequence"),
        "DeviceComponent": ("STU3", "DeviceDefinition"),
        "ImagingManifest": ("STU3", "ImagingStudy"),
    }
)
"""Types that R4 no longer has, with their release and what R4 has instead."""

NEWER: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "RequestOrchestration": ("R5", "RequestGroup"),
        "DeviceUsage": ("R5", "DeviceUseStatement"),
        "MedicationUsage": ("R5", "MedicationStatement"),
        "NutritionIntake": ("R5", "Observation"),
        "Transport": ("R5", "Task"),
        "DeviceDispense": ("R5", "SupplyDelivery"),
        "ImagingSelection": ("R5", "ImagingStudy"),
    }
)

R4_ONLY = frozenset(
    {
        "EffectEvidenceSynthesis",
        "MedicinalProduct",
        "MedicinalProductAuthorization",
        "MedicinalProductContraindication",
        "MedicinalProductIndication",
        "MedicinalProductIngredient",
        "MedicinalProductInteraction",
        "MedicinalProductManufactured",
        "MedicinalProductPackaged",
        "MedicinalProductPharmaceutical",
        "MedicinalProductUndesirableEffect",
        "RiskEvidenceSynthesis",
        "SubstanceNucleicAcid",
        "SubstancePolymer",
        "SubstanceProtein",
        "SubstanceReferenceInformation",
        "SubstanceSourceMaterial",
        "SubstanceSpecification",
    }
)
"""Types of R4 that R4B took out or reworked: known, and not checked."""
