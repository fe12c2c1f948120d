"""The code lists as FHIR R4 ValueSets (https://hl7.org/fhir/R4/valueset.html), made from the lists the rules read."""

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from cds_service.advice.library import Library
from cds_service.codes.catalogue import Coded, coded
from cds_service.codes.systems import ATC, ICD10CM, LOINC, RXNORM, SNOMED

CANONICAL = "https://anakinra-cds.example/fhir/ValueSet"
PUBLISHER = "The anakinra-cds project"
_COPYRIGHTS = {
    LOINC: "LOINC is copyright Regenstrief Institute, Inc. and the LOINC Committee (https://loinc.org/license).",
    SNOMED: "SNOMED CT is copyright SNOMED International; use needs a licence outside member countries.",
    RXNORM: "RxNorm is from the US National Library of Medicine.",
    ATC: "ATC is copyright WHO Collaborating Centre for Drug Statistics Methodology.",
    ICD10CM: "ICD-10-CM is from the US National Center for Health Statistics.",
}
_OF_ITS_OWN = frozenset({"anakinra", "tocilizumab"})
_NAMES = {
    "biologic": "other-il1-il6-blockers",
    "tnf-blocker": "tnf-blockers",
    "glucocorticoid": "systemic-glucocorticoids",
    "g-csf": "colony-stimulating-factors",
    "confounder": "drugs-that-can-lower-neutrophils",
    "local-route": "local-routes",
    "order": "laboratory-orders",
    "other": "other-drugs",
}


def value_sets(library: Library) -> Mapping[str, dict[str, Any]]:
    """Every ValueSet by its id, sorted: one a drug group, one a laboratory result, one a condition."""
    listed = sorted(coded(), key=_name)
    return {name: _value_set(name, list(codes), library) for name, codes in groupby(listed, key=_name)}


def _name(code: Coded) -> str:
    """The id of the set a code belongs to; anakinra and tocilizumab have one of their own."""
    if code.about in _OF_ITS_OWN:
        return code.about
    if code.uri == LOINC and code.group != "order":
        return f"lab-{code.group}"
    return _NAMES.get(code.group, f"condition-{code.group}")


def _value_set(name: str, codes: list[Coded], library: Library) -> dict[str, Any]:
    accepted = [each for each in codes if not each.never]
    refused = [each for each in codes if each.never]
    unchecked = [f"{each.system} {each.code}" for each in accepted if not each.verified]
    compose: dict[str, Any] = {"include": list(_parts(accepted))}
    if refused:
        compose["exclude"] = list(_parts(refused))
    return {
        "resourceType": "ValueSet",
        "id": name,
        "url": f"{CANONICAL}/{name}",
        "version": library.version,
        "name": "".join(part.capitalize() for part in name.split("-")),
        "title": name.replace("-", " "),
        "status": "draft",
        "experimental": True,
        "date": max(card.released for card in library.cards.values()).isoformat(),
        "publisher": PUBLISHER,
        "description": _description(name, refused, unchecked),
        "copyright": " ".join(_COPYRIGHTS[uri] for uri in dict.fromkeys(each.uri for each in codes)),
        "compose": compose,
    }


def _description(name: str, refused: list[Coded], unchecked: list[str]) -> str:
    said = [f"The codes this service reads as: {name.replace('-', ' ')}. Approved by no clinician."]
    if refused:
        said.append("Excluded are codes that are often taken for them and never accepted.")
    if unchecked:
        said.append(f"Not yet checked at their source: {', '.join(unchecked)}.")
    return " ".join(said)


def _parts(codes: Iterable[Coded]) -> Iterable[dict[str, Any]]:
    """One include (or exclude) for each system, and one for each code that stands for everything below it."""
    listed = list(codes)
    for uri in dict.fromkeys(each.uri for each in listed):
        own = [each for each in listed if each.uri == uri and not each.below]
        if own:
            yield {"system": uri, "concept": [{"code": each.code, "display": each.about} for each in own]}
        for each in listed:
            if each.uri == uri and each.below:
                yield {"system": uri, "filter": [{"property": "concept", "op": "is-a", "value": each.code}]}
