"""The kind of a reason why data are not complete: a closed set, for a metric's label.

Reasons arise where data are fetched (``failures``, ``paging``, ``pages``), and where they are read (``read``,
``chart``).
"""

import re

_KINDS = (
    ("did not answer within the time", "timeout"),
    ("could not be reached", "unreachable"),
    ("not asked again", "breaker-open"),
    ("it was not asked", "crowded"),
    ("an address outside the FHIR server", "not-allowed"),
    ("server's name leads to", "not-allowed"),
    ("characters that cannot be sent", "not-allowed"),
    ("its search ", "not-allowed"),
    ("broke off", "broken-off"),
    ("answered HTTP 3", "redirect"),
    ("answered HTTP 401", "http-401"),
    ("answered HTTP 403", "http-403"),
    ("answered HTTP 404", "http-404"),
    ("answered HTTP 429", "http-429"),
    ("answered HTTP 4", "http-4xx"),
    ("answered HTTP 5", "http-5xx"),
    ("answered HTTP", "http-other"),
    ("is not FHIR JSON", "not-fhir"),
    ("is larger than", "too-large"),
    ("entries in one Bundle", "too-large"),
    ("draft orders", "draft-orders"),
    ("OperationOutcome came instead", "operation-outcome"),
    ("an error was reported beside the results", "operation-outcome"),
    ("answer is not the", "wrong-resource"),
    ("next page", "paging"),
    (r"there are more (?:than \d+ )?pages", "paging"),
    ("results were counted", "cut-short"),
    ("no fhirServer was given", "not-sent"),
    ("not asked for", "not-asked"),
    ("knows no Patient of this id", "unknown-patient"),
    ("came twice, with different content", "came-twice"),
    ("a name occurs twice", "name-twice"),
    ("could not be identified", "unidentified"),
    ("given without a date", "undated"),
    ("dated in the future", "in-the-future"),
    ("could not be read", "unreadable"),
)
ANOTHER_PATIENT, OTHER = "another-patient", "other"
KINDS = (*dict.fromkeys(kind for _, kind in _KINDS), ANOTHER_PATIENT, OTHER)
"""What ``kind_of`` tells, and ``ANOTHER_PATIENT``, which is counted and has no words."""


_FIRST = re.compile("|".join(f"({words})" for words, _ in _KINDS))


def kind_of(reason: str) -> str:
    """The kind of the first of the reasons told: what follows may be names that a server chose."""
    found = _FIRST.search(reason)
    return OTHER if found is None or found.lastindex is None else _KINDS[found.lastindex - 1][1]
