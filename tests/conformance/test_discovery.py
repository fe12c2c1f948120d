"""What our discovery promises, judged by the validator: attributes, prefetch templates, tokens, queries."""

from cds_service import create_app
from cds_service.validate import validate


def test_our_discovery_has_no_finding() -> None:
    answer = create_app().test_client().get("/cds-services")
    assert answer.status_code == 200
    assert answer.mimetype == "application/json"
    assert validate(answer.data, "discovery").findings == ()
    assert len(answer.get_json()["services"]) == 3
