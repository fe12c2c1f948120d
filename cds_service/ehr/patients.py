"""The EHR's patients: list them as a chart's opening page does, and check that one is there."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from cds_service.ehr.client import Answer, Place
from cds_service.ehr.problems import CannotStart, WrongAnswer

LISTED = 200
# Wider than FHIR's [A-Za-z0-9.-]{1,64}, as Epic's ids are; never what would change a URL.
_ID = re.compile(r"[A-Za-z0-9._~:@-]{1,256}")


@dataclass(frozen=True, slots=True)
class Person:
    """One patient as a list shows it; empty text for what is not recorded."""

    id: str
    name: str
    gender: str
    birth_date: str


@dataclass(frozen=True, slots=True)
class Found:
    """The patients found, in the server's order; ``more`` where the server has others beyond the first page."""

    people: tuple[Person, ...]
    more: bool


def find_patients(fhir: Place, text: str = "") -> Found:
    """The patients whose name or id fits ``text``, at most LISTED; all of them for an empty text.

    Raises CannotStart or WrongAnswer, one line each, if the server gives no list.
    """
    wanted = text.strip()
    query = f"name={quote(wanted, safe='')}&" if wanted else ""
    people = {each.id: each for each in _by_id(fhir, wanted)}
    answer = fhir.get(f"Patient?{query}_count={LISTED}")
    if not answer.ok or not isinstance(answer.json, dict) or answer.json.get("resourceType") != "Bundle":
        raise _no_list(fhir, answer)
    # A server may ignore the search parameter: what it sends is looked at again.
    people |= {each.id: each for each in map(person, _patients(answer.json)) if fits(each, wanted)}
    more = any(isinstance(link, dict) and link.get("relation") == "next" for link in _list(answer.json, "link"))
    return Found(tuple(people.values()), more)


def fits(who: Person, text: str) -> bool:
    """Every word of ``text`` is in the name, or the whole is the id."""
    named = who.name.casefold()
    return who.id == text or all(word in named for word in text.casefold().split())


def person(patient: dict[str, Any]) -> Person:
    """What a list shows of a Patient resource, however little of it there is."""
    names = [each for each in _list(patient, "name") if isinstance(each, dict)]
    names.sort(key=lambda each: each.get("use") != "official")
    return Person(
        _text(patient, "id"), _name(names[0]) if names else "", _text(patient, "gender"), _text(patient, "birthDate")
    )


def check_patient(fhir: Place, patient: str, token_help: str = "") -> None:
    """An EHR knows its patient: CannotStart if this one is not on the server."""
    answer = fhir.get(f"Patient/{quote(patient, safe='')}")
    if answer.status in (401, 403):
        raise CannotStart(f"The FHIR server wants a valid token (HTTP {answer.status}). {token_help}".strip())
    if answer.status in (404, 410):
        raise CannotStart(f"There is no Patient/{patient} at {fhir.base}. Check the id and {fhir.option}.")
    if not answer.ok or not isinstance(answer.json, dict) or answer.json.get("resourceType") != "Patient":
        raise CannotStart(
            f"{fhir.base} does not answer as a FHIR R4 server ({answer.in_a_line()}). Check {fhir.option}."
        )


def _by_id(fhir: Place, text: str) -> Iterator[Person]:
    if _ID.fullmatch(text):
        answer = fhir.get(f"Patient/{text}")
        if answer.ok and isinstance(answer.json, dict) and answer.json.get("resourceType") == "Patient":
            yield person(answer.json)


def _no_list(fhir: Place, answer: Answer) -> Exception:
    if answer.status in (401, 403):
        return CannotStart(f"The FHIR server wants a valid token (HTTP {answer.status}).")
    return WrongAnswer(f"{fhir.base} gave no list of patients ({answer.in_a_line()}). Is it a FHIR R4 server?")


def _patients(bundle: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for entry in _list(bundle, "entry"):
        resource = entry.get("resource") if isinstance(entry, dict) else None
        if (
            isinstance(resource, dict)
            and resource.get("resourceType") == "Patient"
            and _ID.fullmatch(_text(resource, "id"))
        ):
            yield resource


def _name(name: dict[str, Any]) -> str:
    given = " ".join(each for each in _list(name, "given") if isinstance(each, str))
    return _text(name, "text") or " ".join(filter(None, (given, _text(name, "family"))))


def _text(holder: dict[str, Any], key: str) -> str:
    value = holder.get(key)
    return value if isinstance(value, str) else ""


def _list(holder: dict[str, Any], key: str) -> list[Any]:
    value = holder.get(key)
    return value if isinstance(value, list) else []
