"""Faults of what the server says: OperationOutcomes, other resources, odd entries, a total that does not fit."""

import json

from tests.faults.exchange import FAULTS, Exchange, Resource, changes, fault


def _outcome(severity: str, code: str = "processing") -> Resource:
    return {"resourceType": "OperationOutcome", "issue": [{"severity": severity, "code": code, "diagnostics": "x"}]}


FAULTS["outcome-200"] = lambda exchange: exchange.send_json(_outcome("error", "too-costly"))
FAULTS["wrong-resource"] = lambda exchange: exchange.send_json({"resourceType": "Group", "id": "1"})


def _add_entry(resource: Resource, entry: Resource) -> None:
    resource.setdefault("entry", []).append(entry)


@changes("outcome-entry")
def _outcome_entry(_: Exchange, bundle: Resource) -> None:
    _add_entry(bundle, {"search": {"mode": "outcome"}, "resource": _outcome("warning")})


@changes("outcome-entry-error")
def _outcome_entry_error(_: Exchange, bundle: Resource) -> None:
    _add_entry(bundle, {"resource": _outcome("error")})


@changes("only-outcome-entry-error")
def _only_outcome_entry_error(_: Exchange, bundle: Resource) -> None:
    bundle["entry"] = [{"resource": _outcome("fatal")}]
    bundle.pop("total", None)


@changes("no-entry")
def _no_entry(_: Exchange, bundle: Resource) -> None:
    bundle.pop("entry", None)
    bundle["total"] = 0


@changes("wrong-type-entry")
def _wrong_type_entry(_: Exchange, bundle: Resource) -> None:
    """A Group among the results, as a match."""
    _add_entry(bundle, {"search": {"mode": "match"}, "resource": {"resourceType": "Group", "id": "g"}})


@changes("entry-without-resource")
def _entry_without_resource(_: Exchange, bundle: Resource) -> None:
    _add_entry(bundle, {"fullUrl": "http://ehr.example.org/fhir/Observation/gone"})


@changes("of-another-patient")
def _of_another_patient(_: Exchange, bundle: Resource) -> None:
    """Every result is about somebody else, as where a server ignores the patient of a search."""
    for entry in bundle.get("entry", ()):
        entry["resource"] = entry["resource"] | {"subject": {"reference": "Patient/someone-else"}}


@changes("total-over")
def _total_over(_: Exchange, bundle: Resource) -> None:
    bundle["total"] = len(bundle.get("entry", ())) + 7


@changes("wrong-bundle")
def _wrong_bundle(_: Exchange, bundle: Resource) -> None:
    bundle["type"] = "history"


@changes("no-bundle-type")
def _no_bundle_type(_: Exchange, bundle: Resource) -> None:
    bundle.pop("type", None)


@changes("odd-entries")
def _odd_entries(_: Exchange, bundle: Resource) -> None:
    bundle["entry"] += [{"fullUrl": "urn:x"}, {"resource": None}, "not an entry", {"resource": "text"}, None]


@changes("duplicate-entries")
def _duplicate_entries(_: Exchange, bundle: Resource) -> None:
    bundle["entry"] = bundle["entry"] * 2


@fault("number-twice")
def _number_twice(exchange: Exchange) -> None:
    """Each value has another number first."""
    exchange.send(json.dumps(exchange.resource()).replace('"value": ', '"value": 9.9, "value": ').encode())


@fault("name-twice")
def _name_twice(exchange: Exchange) -> None:
    """Each object that has a value or code has it twice: another one first, which no reader notices."""
    text = json.dumps(exchange.resource())
    for name, otherwise in (("value", "0.4"), ("code", "{}"), ("entry", "[]")):
        text = text.replace(f'"{name}": ', f'"{name}": {otherwise}, "{name}": ')
    exchange.send(text.encode())
