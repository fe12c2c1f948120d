"""The services that a CDS Hooks server lists: which one to fire."""

from typing import Any

import msgspec

from cds_service.ehr.call import discover
from cds_service.web.workbench.here import Here
from cds_service.web.workbench.page import HOOKS
from cds_service.web.workbench.places import service_place_of


class Asked(msgspec.Struct):
    service: str = ""
    service_token: str = ""


def answer(asked: Asked, here: Here) -> dict[str, Any]:
    """Each service the page can fire, and how many it cannot, for their hook."""
    listed = discover(service_place_of(asked.service, asked.service_token, here))
    usable = [each for each in listed if isinstance(each["hook"], str) and each["hook"] in HOOKS]
    shown = [
        {"id": str(each["id"]), "hook": each["hook"], "title": str(each.get("title") or each["id"])} for each in usable
    ]
    return {"services": shown, "others": len(listed) - len(usable)}
