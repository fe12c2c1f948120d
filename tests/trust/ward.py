"""A service whose client has a setting for fewer repeats, and what it is asked about, at what time."""

import copy
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import Engine, update

from cds_service import create_app
from cds_service.audit.tables import evaluation
from cds_service.feedback.tables import feedback
from cds_service.records.database import open_engine
from cds_service.settings import Settings
from tests.hook_call.calls import PATIENT, SERVICES, ago, bundle, call, chart, count, order
from tests.trust.ehr import HOSPITAL, write_clients
from tests.trust.test_terms import Signing

Json = dict[str, Any]
NOW = datetime.now(UTC)
HOURS_8 = {"hours": 8}
DAYS_7 = {"days_after_override": 7}
BOTH = HOURS_8 | DAYS_7


def temperature(value: float) -> Json:
    reading = count(value, "temp-1", unit="Cel") | {"effectiveDateTime": ago(hours=1)}
    return reading | {"code": {"coding": [{"system": "http://loinc.org", "code": "8310-5"}]}}


def h(hours: float) -> timedelta:
    return timedelta(hours=hours)


def d(days: float) -> timedelta:
    return timedelta(days=days)


class Ward:
    """A service whose client has this setting; calls of it, and the clock set back between them."""

    def __init__(self, folder: Path, url: str, setting: Json, **more: Any) -> None:
        file = write_clients(folder / "clients.toml", HOSPITAL | {"repeats": setting} | more)
        settings = Settings(mode="production", clients=str(file), database_url=url, trace="on")
        self.app: FlaskClient = create_app(settings).test_client()
        self.engine: Engine = open_engine(url)
        self._count = count(0.8)
        self._order = order()

    def fire(self, hook: str = "patient-view", value: float = 0.8, user: str = "Practitioner/p1", **more: Any) -> Any:
        patient = more.pop("patient", PATIENT)
        low = self._count | {"valueQuantity": {"value": value, "unit": "10*9/L"}}
        prefetch = chart(**{"neutrophils": bundle(low), "medications": bundle(self._order)} | more)
        if hook != "patient-view":
            prefetch["medications"] = bundle()
        drafts = () if hook == "patient-view" else (order("anakinra", "draft-1"),)
        of_patient = _renamed(prefetch, patient)
        context = {"userId": user, "patientId": patient}
        return call(Signing(self.app), hook, of_patient, *_renamed(drafts, patient), **context)  # type: ignore[arg-type]

    def override(self, hook: str, card: str) -> None:
        report = {"card": card, "outcome": "overridden", "outcomeTimestamp": NOW.isoformat()}
        path = f"/cds-services/{SERVICES[hook]}/feedback"
        assert Signing(self.app).post(path, json={"feedback": [report]}).status_code == 200

    def written(self) -> None:
        self.app.application.extensions["clerk"].recorder.close(10)

    def so_long_ago(self, shown: timedelta, overridden: timedelta | None) -> None:
        self.written()
        with self.engine.begin() as connection:
            connection.execute(update(evaluation).values(at=datetime.now(UTC) - shown))
            if overridden is not None:
                at = datetime.now(UTC) - overridden
                connection.execute(update(feedback).values(outcome_at=at, received_at=at))


def _renamed(value: Any, patient: str) -> Any:
    """The same about another patient."""
    if isinstance(value, dict):
        return {name: _renamed(each, patient) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_renamed(each, patient) for each in value)
    return value.replace(PATIENT, patient) if isinstance(value, str) else copy.copy(value)
