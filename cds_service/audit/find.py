"""Find what was said about a hook call, a card or a patient. Everything here raises DatabaseUnusable."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Engine, and_, select

from cds_service.audit.tables import evaluation, evaluation_card
from cds_service.feedback.tables import feedback
from cds_service.records.database import told


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which calls; "" and None ask for nothing. The hashes are those of ``keyed``."""

    hook_instance_hash: str = ""
    patient_hash: str = ""
    card: str = ""
    correlation_id: str = ""
    since: datetime | None = None
    most: int = 20


class Report(NamedTuple):
    """What a client reported of a card."""

    outcome: str
    at: datetime
    reason: str


class Card(NamedTuple):
    """One card of a call; ``withheld`` says why it was not shown, "" if it was."""

    uuid: str
    code: str
    row: str
    indicator: str
    evidence: str
    shown: bool
    withheld: str
    reports: tuple[Report, ...]


class Found(NamedTuple):
    """One call: its row, by column, and its cards."""

    row: dict[str, Any]
    cards: tuple[Card, ...]


def find(engine: Engine, wanted: Wanted) -> list[Found]:
    """The latest calls first."""
    query = select(evaluation).where(*_conditions(wanted)).order_by(evaluation.c.at.desc(), evaluation.c.id)
    with told(engine), engine.connect() as connection:
        rows = [dict(row) for row in connection.execute(query.limit(wanted.most)).mappings()]
        return [Found(row, _cards(connection, row)) for row in rows]


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    asked: list[tuple[object, ColumnElement[bool]]] = [
        (wanted.hook_instance_hash, evaluation.c.hook_instance_hash == wanted.hook_instance_hash),
        (wanted.patient_hash, evaluation.c.patient_hash == wanted.patient_hash),
        (wanted.correlation_id, evaluation.c.correlation_id == wanted.correlation_id),
        (wanted.card, evaluation.c.id.in_(_with_card(wanted.card))),
    ]
    conditions = [condition for given, condition in asked if given]
    return [*conditions, evaluation.c.at >= wanted.since] if wanted.since else conditions


def _with_card(uuid: str) -> Any:
    return select(evaluation_card.c.evaluation_id).where(evaluation_card.c.card_uuid == uuid)


def _cards(connection: Connection, row: dict[str, Any]) -> tuple[Card, ...]:
    card = evaluation_card.c
    said = and_(feedback.c.card_uuid == card.card_uuid, feedback.c.service_id == row["service_id"])
    query = (
        select(evaluation_card, feedback.c.outcome, feedback.c.outcome_at, feedback.c.reason_code)
        .outerjoin(feedback, said)
        .where(card.evaluation_id == row["id"])
        .order_by(card.position, feedback.c.outcome_at)
    )
    cards: dict[int, Card] = {}
    for each in connection.execute(query):
        report = (Report(each.outcome, each.outcome_at, each.reason_code or ""),) if each.outcome else ()
        before: Sequence[Report] = cards[each.position].reports if each.position in cards else ()
        cards[each.position] = Card(
            each.card_uuid,
            each.advice_code,
            each.row_id,
            each.indicator,
            each.evidence_key,
            each.shown,
            each.withheld or "",
            (*before, *report),
        )
    return tuple(cards.values())
