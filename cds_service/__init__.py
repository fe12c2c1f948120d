"""Advice about neutropenia on anakinra, as a CDS Hooks service. One hook call, in the order it happens:

1. ``web`` takes the POST; ``hooks.request`` reads its body: strictly what advice rests on, leniently the rest.
2. ``hooks.prefetch`` fills in the service's templates; ``fhir.gather`` fetches what did not come, under one deadline.
3. ``fhir.read`` turns FHIR into a ``clinical.record.Record``: facts with date and source, or absent with a reason.
4. ``clinical.assess`` lets every rule answer FINDING, CLEAR or NOT EVALUATED. It is pure; the clock is an argument.
5. ``advice`` writes a card for each finding, from the texts in ``cards/``, with its evidence and suggestions.
6. ``hooks.response`` makes the JSON: the cards, and with tracing on why there is a card, or none.
7. Whatever fails is an OperationOutcome naming the field and the fix; it is never an empty list of cards.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from cds_service.settings import Settings


def create_app(settings: Settings | None = None) -> Flask:
    """The service as a Flask application.

    Without ``settings`` (how gunicorn and ``flask run`` call it) they come from the environment, and whatever prevents
    the start is raised as NotStarted, which gunicorn prints as one line. With ``settings`` it is SettingsError or
    ContentError. All three are CdsErrors.
    """
    from cds_service.errors import CdsError
    from cds_service.settings import load
    from cds_service.web.start import refuse_to_start

    if settings is not None:
        return _build(settings)
    try:
        return _build(load())
    except CdsError as error:
        refuse_to_start(error)


def _build(settings: Settings) -> Flask:
    """Imports what is heavy only once it is clear that this mode can run; ``import cds_service`` stays light."""
    from cds_service.trust.start import require_startable

    require_startable(settings)
    from cds_service.web.app import build

    return build(settings)
