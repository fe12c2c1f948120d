"""Why something was not evaluated, in the words of this service only.

A reason may quote a server: the name of a resource, a code of its own. What is kept of it are the phrases below, so
nothing that came from outside can reach the audit by a reason.
"""

import re

from cds_service.clinical.switched_off import SWITCHED_OFF

OTHER = "other"
"""A reason none of whose words are known here."""

PHRASES = (
    "neutrophil counts not available",
    "neutrophil counts incomplete",
    "medication requests not available",
    "medication requests incomplete",
    "laboratory results incomplete",
    "vital signs incomplete",
    "conditions incomplete",
    "another patient's data among",
    "another patient among them",
    "the orders are about another patient",
    "no neutrophil count",
    "no usable result within 7 days",
    "no usable eGFR within 90 days",
    "no usable platelet count within 30 days",
    "no usable ALT or AST within 30 days",
    "no upper limit of normal with the ALT or AST result",
    "neither platelets nor two haemoglobin results within 14 days",
    "eGFR is given as a limit only",
    "no birth date",
    "weight",
    "came twice, with different content",
    "a name occurs twice",
    "given without a date",
    "dated in the future",
    "knows no Patient of this id",
    "the draft orders could not be read",
    "draft orders",
    "the order could not be read",
    "an ordered drug could not be identified",
    "could not be identified",
    "could not be read",
    "did not answer within the time allowed",
    "could not be reached",
    "not asked again",
    "it was not asked",
    "an address outside the FHIR server",
    "server's name leads to",
    "characters that cannot be sent",
    "its search",
    "answer broke off",
    "is not FHIR JSON",
    "is larger than",
    "an OperationOutcome came instead of data",
    "an error was reported beside the results",
    "is not the",
    "there are more",
    "entries in one Bundle",
    "results were counted",
    "a redirect, not followed",
    "the link to the next page",
    "not asked for",
    "not in prefetch",
    "in prefetch",
    "no fhirServer was given",
    SWITCHED_OFF,
)
_KNOWN = re.compile("|".join(map(re.escape, PHRASES)) + r"|HTTP \d{3}\b")
_FIELD = re.compile(
    r"(?:prefetch\.(?:patient|medications|neutrophils|labs|vitals|conditions)"
    r"|context\.(?:userId|patientId|encounterId|selections|draftOrders)|context|prefetch"
    r"|hook|hookInstance|patientId|fhirServer|fhirAuthorization(?:\.access_token)?|The body)\b"
)
_FAULT = re.compile(
    r"is missing|is unavailable|is incomplete|is not a string|is not an id|is empty|is not a list of strings"
    r"|is not a FHIR Bundle|holds MedicationOrder|does not fit this service|must be|is longer than|is not valid"
    r"|could not be read|is not JSON|is nested too deeply|is not UTF-8|twice"
)


def known_words(reason: str) -> str:
    """The phrases of ours in a reason, in their order: "medication requests incomplete; HTTP 403"."""
    return "; ".join(dict.fromkeys(_KNOWN.findall(reason))) or OTHER


def known_problem(message: str) -> str:
    """What a refusal's line says of which field: "prefetch.neutrophils is missing; HTTP 403"; "" for any other line."""
    field = _FIELD.match(message)
    if field is None:
        return ""
    fault = _FAULT.search(message, field.end())
    said = f"{field.group()} {fault.group()}" if fault else field.group()
    causes = [each for each in dict.fromkeys(_KNOWN.findall(message, field.end())) if each not in said]
    return "; ".join([said, *causes])
