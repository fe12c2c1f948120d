"""The words of the page itself: nothing about any patient."""

from typing import Any

from cds_service.codes.drugs import DRUGS
from cds_service.ehr.orders import ORDERABLE
from cds_service.web.workbench.here import Here

HOOKS = {
    "patient-view": "a chart opens",
    "order-select": "an order is picked",
    "order-sign": "orders are signed",
}
KINDS = ("auto", "request", "response", "discovery", "feedback", "card")
PROFILES = {"2.0": "CDS Hooks 2.0", "3.0-ballot": "3.0 ballot", "crd": "CRD"}


def words(here: Here) -> dict[str, Any]:
    """What the template shows."""
    return {
        "own_url": here.url,
        "fhir_url": here.settings.workbench_fhir,
        "hooks": HOOKS,
        "drugs": [name for name in DRUGS if name in ORDERABLE],
        "kinds": KINDS,
        "profiles": PROFILES,
        "codes": {card.code: card.display for card in here.site.library.cards.values()},
        "max_bytes": here.settings.max_body_bytes,
    }
