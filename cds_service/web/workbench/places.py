"""The two servers the page names, checked before anything is sent there."""

from cds_service.ehr.call import service_place
from cds_service.ehr.client import Place
from cds_service.ehr.problems import CannotStart
from cds_service.fhir.urls import SANDBOX, UrlRefused, check_base
from cds_service.web.workbench.here import Here

FHIR, SERVICE = "the FHIR server's URL", "the service's URL"
FHIR_SECONDS, SERVICE_SECONDS = 20.0, 30.0

_ALONE = (
    "This server answers one call at a time, so it cannot call itself: run it with cds-service serve, "
    "or with gunicorn's --threads."
)


def fhir_place(url: str, token: str) -> Place:
    """The FHIR server at ``url``; CannotStart if that is none, or is never contacted."""
    if not url.strip():
        raise CannotStart("Name a FHIR server first, such as http://127.0.0.1:8080/fhir.")
    return _place(FHIR, url, token, FHIR_SECONDS)


def service_place_of(url: str, token: str, here: Here) -> Place:
    """The CDS service at ``url`` (its base, its discovery or one service); this one for an empty ``url``."""
    found = service_place(_place(SERVICE, url or here.url, token, SERVICE_SECONDS))
    if found.base == here.url and not here.side_by_side:
        raise CannotStart(_ALONE)
    return Place(SERVICE, found.base, token, SERVICE_SECONDS)


def _place(option: str, url: str, token: str, seconds: float) -> Place:
    try:
        base = check_base(url.strip(), SANDBOX).url
    except UrlRefused as refused:
        raise CannotStart(f"{option[:1].upper()}{option[1:]} {refused.reason}.") from None
    return Place(option, base, token, seconds)
