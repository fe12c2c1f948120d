"""Oddities of the latest neutrophil count, and counts beside it that must not hide it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from typing import Any

from tests.faults.exchange import Exchange, Resource, changes

LOINC = "http://loinc.org"
Change = Callable[[Exchange, Resource], object]


def _entries(bundle: Resource) -> list[Resource]:
    return [entry for entry in bundle.get("entry", ()) if entry["resource"]["resourceType"] == "Observation"]


def of_first(change: Change, pick: Callable[[Resource], list[Resource]], exchange: Exchange, bundle: Resource) -> None:
    """Change the first resource that ``pick`` finds."""
    for entry in pick(bundle)[:1]:
        change(exchange, entry["resource"])


def _latest(name: str, change: Callable[[Resource], object]) -> None:
    changes(name)(partial(of_first, lambda _, count: change(count), _entries))


def _beside(name: str, **members: Any) -> None:
    """A newer, normal count beside the latest; it has these members as well."""

    def add(_: Exchange, bundle: Resource) -> None:
        for entry in _entries(bundle)[:1]:
            normal = {**entry["resource"], "id": "beside", "effectiveDateTime": _days(0.1)}
            normal["valueQuantity"] = {"value": 4.2, "unit": "10*9/L"}
            bundle["entry"] = [{"resource": normal | members}, *bundle["entry"]]
            bundle["total"] = len(bundle["entry"])

    changes(name)(add)


def _days(ago: float) -> str:
    return (datetime.now(UTC) - timedelta(days=ago)).isoformat()


def _set(**members: Any) -> Callable[[Resource], object]:
    return lambda count: count.update(members)


def _instead_of(gone: str, **members: Any) -> Callable[[Resource], object]:
    def change(count: Resource) -> None:
        count.pop(gone, None)
        count.update(members)

    return change


def _value(**members: Any) -> Callable[[Resource], object]:
    return _set(valueQuantity=members)


def _code(code: str) -> Resource:
    return {"coding": [{"system": LOINC, "code": code}]}


LOW: Resource = {"value": 0.4, "unit": "10*9/L"}

# the value
_latest("count-no-value", _instead_of("valueQuantity"))
_latest("count-data-absent", _instead_of("valueQuantity", dataAbsentReason={"text": "specimen clotted"}))
_latest("count-below", _value(value=0.5, unit="10*9/L", comparator="<"))
_latest("count-below-something", _value(value=5, unit="10*9/L", comparator="<"))
_latest("count-unknown-comparator", _value(value=0.4, unit="10*9/L", comparator="about"))
_latest("count-string", _instead_of("valueQuantity", valueString="0.4"))
_latest(
    "count-in-component",
    _instead_of(
        "valueQuantity",
        code=_code("58410-2"),
        component=[
            {"code": _code("751-8"), "valueQuantity": LOW},
        ],
    ),
)
_latest("count-percent-unit", _value(value=8, unit="%"))
_latest("count-unit-missing", _value(value=0.4))
_latest("count-unit-wrong", _value(value=0.4, unit="mg/dL"))
_latest("count-unit-kelvin", _value(value=0.4, unit="K/uL", code="K/uL", system="http://unitsofmeasure.org"))
_latest("count-per-microlitre", _value(value=400, unit="/uL", code="/uL", system="http://unitsofmeasure.org"))
_latest("count-negative", _value(value=-0.4, unit="10*9/L"))
_latest("count-huge", _value(value=4e300, unit="10*9/L"))
_latest("count-as-text-number", _value(value="0.4", unit="10*9/L"))

# the status
_latest("count-no-status", _instead_of("status"))
_latest("count-unknown-status", _set(status="bogus"))

# the time
_latest("count-future", _set(effectiveDateTime=_days(-3)))
_latest("count-undated", _instead_of("effectiveDateTime", meta={"lastUpdated": _days(1)}))
_latest("count-date-only", _set(effectiveDateTime=_days(1)[:10]))
_latest("count-month-only", _set(effectiveDateTime=_days(1)[:7], meta={"lastUpdated": _days(1)}))
_latest(
    "count-other-time-zone",
    lambda count: count.update(
        effectiveDateTime=datetime.fromisoformat(_days(1)).astimezone(timezone(timedelta(hours=13))).isoformat()
    ),
)
_latest(
    "count-period",
    lambda count: count.update(
        effectivePeriod={"start": count["effectiveDateTime"], "end": count.pop("effectiveDateTime")}
    ),
)
_latest("count-instant", lambda count: count.update(effectiveInstant=count.pop("effectiveDateTime")))
_latest("count-only-issued", lambda count: count.update(issued=count.pop("effectiveDateTime")))

# whose it is
_latest("count-of-another", _set(subject={"reference": "Patient/someone-else"}))
_latest("count-of-nobody", _instead_of("subject"))
_latest("count-of-identifier", _set(subject={"identifier": {"value": "MRN-1"}}))
_latest("count-of-uuid", _set(subject={"reference": "urn:uuid:6f0c7a3e-2d5b-4b0e-9d59-0a8c5f1c7e12"}))
changes("count-of-absolute")(
    partial(
        of_first,
        lambda exchange, count: count["subject"].update(
            reference=f"{exchange.server.base_url}/{count['subject']['reference']}"
        ),
        _entries,
    )
)

# beside it
_beside("beside-entered-in-error", status="entered-in-error")
_beside("beside-cancelled", status="cancelled")
_beside("beside-preliminary", status="preliminary")
_beside("beside-of-another", subject={"reference": "Patient/someone-else"})
_beside("beside-future", effectiveDateTime=_days(-3))
_beside("beside-undated", effectiveDateTime=None)
_beside("beside-wrong-unit", valueQuantity={"value": 4.2, "unit": "mg/dL"})
_beside("beside-percent", code=_code("770-8"), valueQuantity={"value": 60, "unit": "%"})
_beside("beside-other-test", code=_code("30451-9"))


@changes("count-corrected")
def _corrected(_: Exchange, bundle: Resource) -> None:
    """The same specimen twice: 4.2 as first reported, and 0.4 as corrected an hour later."""
    for entry in _entries(bundle)[:1]:
        count = entry["resource"]
        specimen = {"reference": "Specimen/s1"}
        right = {**count, "id": "right", "status": "corrected", "issued": _days(0.8), "specimen": specimen}
        wrong = {**count, "id": "wrong", "issued": _days(0.9), "specimen": specimen}
        wrong["valueQuantity"] = {"value": 4.2, "unit": "10*9/L"}
        entry["resource"] = right
        bundle["entry"] = [{"resource": wrong}, *bundle["entry"]]
        bundle["total"] = len(bundle["entry"])


def _once_more(name: str, **members: Any) -> None:
    """One id twice, as a client or proxy that joins two answers leaves it: 4.2 and 0.4, and no version of either."""

    def add(_: Exchange, bundle: Resource) -> None:
        for entry in _entries(bundle)[:1]:
            normal = {**entry["resource"], "valueQuantity": {"value": 4.2, "unit": "10*9/L"}, **members}
            bundle["entry"] = [{"resource": normal}, *bundle["entry"]]

    changes(name)(add)


_once_more("count-contradicted")
_once_more("count-contradicted-later", effectiveDateTime=_days(0.1))
