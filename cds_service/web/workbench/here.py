"""Where the workbench runs, for its endpoints."""

from dataclasses import dataclass

from cds_service.settings import Settings
from cds_service.site import Site


@dataclass(frozen=True, slots=True)
class Here:
    """``url`` is this service's own base URL; ``side_by_side``: it answers a second call while one is running."""

    settings: Settings
    site: Site
    url: str
    side_by_side: bool
