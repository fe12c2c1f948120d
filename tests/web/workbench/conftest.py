"""The workbench of a service in this process, which calls stub servers."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from cds_service import create_app
from cds_service.settings import Settings

Post = Callable[..., TestResponse]


@pytest.fixture(scope="session")
def bench() -> FlaskClient:
    return create_app(Settings(workbench_fhir="http://127.0.0.1:8080/fhir")).test_client()


@pytest.fixture
def post(bench: FlaskClient) -> Post:
    """A function: what an endpoint of the workbench answers to a JSON body."""

    def post(name: str, body: Any) -> TestResponse:
        return bench.post(f"/workbench/{name}", json=body)

    return post


@pytest.fixture
def refused(post: Post) -> Callable[..., str]:
    """A function: the one plain line with which an endpoint refuses a JSON body."""

    def refused(name: str, body: Any, status: int = 422) -> str:
        answer = post(name, body)
        assert answer.status_code == status, answer.get_data(as_text=True)
        assert answer.headers["Cache-Control"] == "no-store"
        (issue,) = answer.get_json()["issue"]
        assert "\n" not in issue["diagnostics"]
        return issue["diagnostics"]

    return refused


def service(hook: str = "patient-view", identifier: str = "other", **more: Any) -> tuple[int, Any]:
    """A discovery answer with one service."""
    return 200, {"services": [{"hook": hook, "id": identifier, "description": "d", **more}]}
