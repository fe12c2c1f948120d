"""The query behind ``repeats``. Raises DatabaseUnusable."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Engine, and_, select

from cds_service.audit.earlier import Advice, Earlier, Span
from cds_service.audit.tables import evaluation, evaluation_card
from cds_service.feedback.entry import OVERRIDDEN
from cds_service.feedback.tables import feedback
from cds_service.records.database import told

_OVERRIDE = and_(
    feedback.c.service_id == evaluation.c.service_id,
    feedback.c.card_uuid == evaluation_card.c.card_uuid,
    feedback.c.outcome == OVERRIDDEN,
)


def earlier(
    engine: Engine, patient_hash: str, user_hash: str, advice: Sequence[Advice], span: Span
) -> Mapping[Advice, Earlier]:
    """For each advice; what was not shown does not count, and no call outside the span.

    Its beginning keeps it quick for a patient whose chart is opened every hour of a year.
    """
    card = evaluation_card.c
    query = (
        select(card.advice_code, card.evidence_key, evaluation.c.at, feedback.c.outcome_at, feedback.c.received_at)
        .join(evaluation, evaluation.c.id == card.evaluation_id)
        .outerjoin(feedback, _OVERRIDE)
        .where(
            evaluation.c.patient_hash == patient_hash,
            evaluation.c.user_hash == user_hash,
            evaluation.c.at.between(*span),
            card.shown,
            card.evidence_key.in_({each.evidence for each in advice}),
        )
    )
    found = dict.fromkeys(advice, Earlier())
    with told(engine), engine.connect() as connection:
        for code, evidence, shown, overridden, received in connection.execute(query):
            known = found.get(Advice(code, evidence))
            if known is not None:
                # A client's clock may be ahead of ours; its report cannot be about what is still to come.
                at = min(overridden, received) if overridden else None
                found[Advice(code, evidence)] = Earlier(_later(known.shown, shown), _later(known.overridden, at))
    return found


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max(filter(None, (one, other)), default=None)
