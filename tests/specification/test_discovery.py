"""What this service lists, held against the validator."""

from cds_service import create_app
from cds_service.settings import Settings
from cds_service.validate import validate


def test_our_discovery_has_no_finding() -> None:
    listed = create_app(Settings()).test_client().get("/cds-services")
    assert listed.status_code == 200
    assert validate(listed.get_data(), "discovery").findings == ()
