"""Sum up by advice code: how often a card was shown, and what was reported of it.

A summary since a date is about the cards shown since then, whenever their reports came: a share is of the same cards.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Select, and_, func, select

from cds_service.feedback.entry import ACCEPTED, OVERRIDDEN, Reason
from cds_service.feedback.tables import accepted_suggestion, feedback, recording_loss, shown_card
from cds_service.records.database import told
from cds_service.records.recorder import Lost

_SAME_CARD = and_(feedback.c.service_id == shown_card.c.service_id, feedback.c.card_uuid == shown_card.c.card_uuid)
_CARDS = func.count(feedback.c.card_uuid.distinct())


@dataclass(frozen=True, slots=True)
class Scope:
    """Which cards: of one service or ("") of all, shown at or after an instant or (None) ever."""

    service_id: str = ""
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Advice:
    """The cards of one advice code. A card counts once in each number, and in two if both outcomes were reported of it.

    ``unreported``: nothing came back. ``suggestions`` counts cards by the label that was accepted ("" for one that
    the card did not offer), ``reasons`` by override reason (None where none was given). ``withheld`` counts cards
    that were found and not shown, by why: the audit knows them (``audit.withheld``).
    """

    code: str
    shown: int
    accepted: int = 0
    overridden: int = 0
    unreported: int = 0
    suggestions: Mapping[str, int] = field(default_factory=dict)
    reasons: Mapping[Reason | None, int] = field(default_factory=dict)
    withheld: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Summary:
    """``unknown``: reports of cards that are not recorded as shown. ``lost``: hook calls that are not recorded, and
    their cards, of any code and service; where it is not 0, ``shown`` is too low by as much."""

    advice: tuple[Advice, ...]
    unknown: int
    lost: Lost

    @property
    def empty(self) -> bool:
        return not (self.advice or self.unknown or any(self.lost))


def summarise(engine: Engine, scope: Scope) -> Summary:
    """The most often shown advice first. Raises DatabaseUnusable."""
    with told(engine), engine.connect() as connection:
        return Summary(_advice(connection, scope), _unknown(connection, scope), _lost(connection, scope))


def _advice(connection: Connection, scope: Scope) -> tuple[Advice, ...]:
    code = shown_card.c.advice_code
    shown = _by_code(connection, select(code, func.count()).where(*_shown_in(scope)).group_by(code))
    reported = _by_code(connection, _reported(scope, _CARDS).group_by(code))
    outcomes: dict[str, dict[str, int]] = {
        outcome: _by_code(connection, _reported(scope, _CARDS).where(feedback.c.outcome == outcome).group_by(code))
        for outcome in (ACCEPTED, OVERRIDDEN)
    }
    suggestions, reasons = _suggestions(connection, scope), _reasons(connection, scope)
    advice = (
        Advice(
            each,
            count,
            outcomes[ACCEPTED].get(each, 0),
            outcomes[OVERRIDDEN].get(each, 0),
            count - reported.get(each, 0),
            _most_first(suggestions.get(each, {})),
            _most_first(reasons.get(each, {})),
        )
        for each, count in shown.items()
    )
    return tuple(sorted(advice, key=lambda each: (-each.shown, each.code)))


def _suggestions(connection: Connection, scope: Scope) -> dict[str, Counter[str]]:
    """Cards by code and accepted label. The labels are looked up here: a suggestion's uuid is another on every card."""
    accepted = accepted_suggestion.c.suggestion_uuid
    same = (shown_card.c.service_id, shown_card.c.card_uuid, accepted)
    query = _reported(scope, *same, shown_card.c.suggestions)
    query = query.join(accepted_suggestion, accepted_suggestion.c.feedback_id == feedback.c.id)
    counted: dict[str, Counter[str]] = {}
    seen = set()  # PostgreSQL knows no equal JSON, hence no DISTINCT
    for code, service, card, uuid, labels in connection.execute(query):
        if (service, card, uuid) not in seen:
            seen.add((service, card, uuid))
            counted.setdefault(code, Counter())[labels.get(uuid, "")] += 1
    return counted


def _reasons(connection: Connection, scope: Scope) -> dict[str, dict[Reason | None, int]]:
    by = (shown_card.c.advice_code, feedback.c.reason_code, feedback.c.reason_system)
    query = _reported(scope, *by[1:], _CARDS).where(feedback.c.outcome == OVERRIDDEN).group_by(*by)
    counted: dict[str, dict[Reason | None, int]] = {}
    for code, reason, system, cards in connection.execute(query):
        counted.setdefault(code, {})[Reason(reason, system) if reason else None] = cards
    return counted


def _unknown(connection: Connection, scope: Scope) -> int:
    query = select(func.count()).select_from(feedback).outerjoin(shown_card, _SAME_CARD)
    query = query.where(shown_card.c.card_uuid.is_(None))
    if scope.service_id:
        query = query.where(feedback.c.service_id == scope.service_id)
    if scope.since:
        query = query.where(feedback.c.received_at >= scope.since)
    return int(connection.scalar(query) or 0)


def _lost(connection: Connection, scope: Scope) -> Lost:
    query = select(func.sum(recording_loss.c.calls), func.sum(recording_loss.c.cards))
    if scope.since:
        query = query.where(recording_loss.c.noted_at >= scope.since)
    return Lost(*(int(count or 0) for count in connection.execute(query).one()))


def _reported(scope: Scope, *columns: ColumnElement[Any]) -> Select[Any]:
    """The advice code and ``columns`` of every report of a card in the scope."""
    return select(shown_card.c.advice_code, *columns).join(feedback, _SAME_CARD).where(*_shown_in(scope))


def _shown_in(scope: Scope) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if scope.service_id:
        conditions.append(shown_card.c.service_id == scope.service_id)
    if scope.since:
        conditions.append(shown_card.c.shown_at >= scope.since)
    return conditions


def _by_code(connection: Connection, query: Select[Any]) -> dict[str, int]:
    return {code: int(count) for code, count in connection.execute(query)}


def _most_first(counted: Mapping[Any, int]) -> dict[Any, int]:
    return dict(sorted(counted.items(), key=lambda item: (-item[1], str(item[0]))))
