"""How errors that no route expected are named."""

import json

import pytest
from werkzeug import exceptions

from cds_service.errors import CdsError, ServiceFault
from cds_service.web.failures import outcome_of


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (exceptions.NotFound(), 404),
        (exceptions.MethodNotAllowed(), 405),
        (exceptions.SecurityError(), 400),
        (exceptions.ClientDisconnected(), 400),
        (exceptions.ServiceUnavailable(), 500),
        (exceptions.HTTPException(), 500),
        (RecursionError(), 400),
        (ZeroDivisionError(), 500),
        (CdsError(), 500),
    ],
)
def test_every_error_has_a_status_and_an_outcome(error, status):
    named, body = outcome_of(error, "id-1")

    assert named.status == status
    assert json.loads(body)["issue"][0]["diagnostics"] == named.message


def test_an_error_without_a_message_is_named_by_its_kind():
    assert ServiceFault().messages == ("ServiceFault",)
