"""Routes and forms that act locally: on the skin, in the eye, ear or nose, or inhaled.

Source: clinical specification 0.3, section 2 ("topical, ophthalmic and inhaled routes or forms are no systemic
glucocorticoid and no confounder"). SNOMED CT routes: https://hl7.org/fhir/R4/valueset-route-codes.html.
"""

import re

from cds_service.codes.systems import ATC, SNOMED, Snomed, canonical

LOCAL_ROUTES = {
    Snomed("6064005", verified=True).value: "topical",
    Snomed("448598008", verified=True).value: "cutaneous",
    Snomed("54485002", verified=True).value: "ophthalmic",
    Snomed("446105004", verified=True).value: "conjunctival",
    Snomed("10547007", verified=True).value: "otic",
    Snomed("46713006", verified=True).value: "nasal",
    Snomed("447694001", verified=True).value: "respiratory tract",
    Snomed("447081004", verified=True).value: "lower respiratory tract",
}

# D dermatologicals, S eye and ear, R01 nasal, R03 inhaled: the same substance under another main group of ATC.
_LOCAL_ATC = ("D", "S", "R01", "R03")

# "cutaneous" and "dermal" are bounded words here: subcutaneous and transdermal act on the whole body.
_LOCAL_WORDS = re.compile(
    r"\b(?:topical(?:ly)?|cutaneous|dermal|skin|cream|ointment|lotion|shampoo|foam|scalp|ophth\w*|eyes?|conjunctival"
    r"|intravitreal|otic|auricular|ears?|nasal|nose|nostrils?|inhal\w*|nebuli\w*|respiratory tract)\b"
)


def is_local_code(system: str | None, code: str | None) -> bool:
    """A SNOMED CT route that is local, or an ATC code of a local product."""
    uri = canonical(system)
    if uri == ATC:
        return (code or "").startswith(_LOCAL_ATC)
    return uri == SNOMED and code in LOCAL_ROUTES


def is_local_text(text: str) -> bool:
    """A display or text that names a local route or form."""
    return _LOCAL_WORDS.search(text.casefold()) is not None
