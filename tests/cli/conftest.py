"""A stub service, prepared with one service a hook; a file with a payload."""

from collections.abc import Callable
from pathlib import Path

import pytest

from cds_service.cli.main import run
from tests.stub_server import StubServer
from tests.validate.payloads import ORDER

CARD = {
    "uuid": "5c8a2f0e-1111-4222-8333-944455556666",
    "summary": "ANC 0.96 on anakinra: consider holding",
    "indicator": "warning",
    "detail": "**0.96 x10\u2079/L**, 2 days ago.\n\n| date | ANC |\n|---|---|\n| 20 Nov | 0.96 |\n",
    "source": {"label": "Anakinra CDS", "url": "https://cds.example.org"},
    "links": [{"label": "Perrin 2014", "url": "https://doi.example.org/1", "type": "absolute"}],
    "selectionBehavior": "at-most-one",
    "suggestions": [
        {
            "label": "Hold anakinra and repeat the count",
            "uuid": "s1",
            "isRecommended": True,
            "actions": [
                {
                    "type": "update",
                    "description": "Put the order on hold",
                    "resource": ORDER | {"status": "on-hold"},
                },
                {"type": "delete", "description": "Remove the draft", "resourceId": "MedicationRequest/draft-1"},
            ],
        },
        {"label": "Repeat the count only", "uuid": "s2"},
    ],
    "overrideReasons": [{"code": "mas-therapy", "system": "urn:x", "display": "IL-1 blockade is treating MAS"}],
}


def service_for(hook: str, **more: object) -> dict[str, object]:
    return {"id": f"neutrophils-{hook}", "hook": hook, "title": "t", "description": "d"} | more


@pytest.fixture
def service(stub: Callable[..., StubServer]) -> StubServer:
    """A CDS Hooks service with one service a hook, each answering one good card."""
    hooks = ("patient-view", "order-select", "order-sign")
    answers: dict[str, tuple[int, object]] = {
        f"/cds-services/neutrophils-{hook}": (200, {"cards": [CARD]}) for hook in hooks
    }
    return stub(answers | {"/cds-services": (200, {"services": [service_for(hook) for hook in hooks]})})


@pytest.fixture
def fire(service: StubServer, fhir: StubServer) -> Callable[..., int]:
    """Runs ``cds-service fire HOOK`` against the two stubs about p1; gives the exit code."""

    def call(hook: str, *more: str) -> int:
        return run(["fire", hook, "--service", service.url, "--fhir", fhir.url, "--patient", "p1", *more])

    return call


@pytest.fixture
def file(tmp_path: Path) -> Callable[[bytes], str]:
    """A function: the path of a file with this body."""

    def written(body: bytes) -> str:
        path = tmp_path / "payload.json"
        path.write_bytes(body)
        return str(path)

    return written
