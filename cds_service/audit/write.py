"""Write to the database what was said about hook calls, and forget what is old.

Each function is one transaction, and raises DatabaseUnusable.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Engine, delete, func, insert, select

from cds_service.audit.account import Account, Who
from cds_service.audit.keyed import HOOK_INSTANCE, PATIENT, RESOURCE, USER, Keyed
from cds_service.audit.known_words import known_words
from cds_service.audit.tables import evaluation, evaluation_card
from cds_service.clinical.findings import Answer
from cds_service.feedback.kept import Answered
from cds_service.feedback.store import insert_shown, inserting
from cds_service.feedback.tables import recording_loss
from cds_service.records.database import checkpoint, told
from cds_service.records.recorder import Lost

_RESOURCE = re.compile(r"([A-Z][A-Za-z]{1,40})/([A-Za-z0-9.-]{1,64})")  # https://hl7.org/fhir/R4/datatypes.html#id
_TYPE = re.compile(r"[A-Z][A-Za-z]{1,40}(?=[/ ])")
_HASH_DIGITS = 12


class Versions(NamedTuple):
    """By what rules the calls of this process are answered."""

    rules: str
    content_hash: str


class Kept(NamedTuple):
    """What is kept: the cards shown, for feedback; a row for each call, for the audit."""

    feedback: bool
    audit: bool


class Writer:
    """Writes the accounts of one process."""

    def __init__(self, versions: Versions, keyed: Keyed, kept: Kept) -> None:
        self._versions = versions
        self._keyed = keyed
        self._kept = kept

    def save(self, engine: Engine, accounts: Sequence[Account], lost: Lost, now: datetime) -> None:
        """Writes them, and how much was lost since the last time. What was written before stays as it was."""
        with told(engine), engine.begin() as connection:
            if self._kept.feedback:
                insert_shown(connection, map(_answered, accounts))
            if self._kept.audit:
                connection.execute(inserting(connection, evaluation), [self._row(each) for each in accounts])
                if cards := list(_cards(accounts)):
                    connection.execute(inserting(connection, evaluation_card), cards)
            if any(lost):
                connection.execute(insert(recording_loss).values(**lost._asdict(), noted_at=now))

    def _row(self, account: Account) -> dict[str, Any]:
        call = account.call
        return {
            "id": account.id,
            "at": call.at,
            "correlation_id": call.correlation_id,
            "client": call.client,
            "service_id": call.service.id,
            "hook": call.service.hook,
            "mode": call.mode,
            "outcome": account.outcome,
            "status": account.status,
            "milliseconds": round(call.milliseconds, 1),
            "rules_version": self._versions.rules,
            "content_hash": self._versions.content_hash,
            "profile": call.profile,
            "key_id": self._keyed.id,
            **self._hashes(account),
            "problems": list(account.problems),
            "rules": [_rule(*each) for each in _rules(account)],
            "data": {key: _data(*state) for key, state in account.data.items()},
            "inputs": [
                [self._named(source, call.client), day.isoformat() if day else None]
                for source, day in account.inputs.items()
            ],
        }

    def _hashes(self, account: Account) -> dict[str, str | None]:
        """None for what the call did not say."""
        who, client = account.who or Who("", "", ""), account.call.client
        said = {
            "hook_instance_hash": (HOOK_INSTANCE, who.hook_instance),
            "patient_hash": (PATIENT, who.patient),
            "user_hash": (USER, who.user),
        }
        return {column: self._keyed.hash(kind, client, text) if text else None for column, (kind, text) in said.items()}

    def _named(self, source: str, client: str) -> str:
        """A resource by type and id; by its type and a keyed hash where that is not all its name holds."""
        if _RESOURCE.fullmatch(source):
            return source
        kind = _TYPE.match(source)
        digits = self._keyed.hash(RESOURCE, client, source)[:_HASH_DIGITS]
        return f"{kind.group() if kind else 'Resource'}/~{digits}"


def _answered(account: Account) -> Answered:
    call = account.call
    shown = [card for card in account.cards if not card.withheld]
    return Answered(call.service.id, call.service.hook, call.at, shown)


def _rules(account: Account) -> Iterator[tuple[str, str, str, str]]:
    for rule in account.rules:
        unknown = rule.answer is Answer.NOT_EVALUATED
        yield rule.rule, rule.about, str(rule.answer), known_words(rule.reason) if unknown else ""


def _rule(rule: str, about: str, answer: str, why: str) -> dict[str, str]:
    return {"rule": rule, "answer": answer} | ({"about": about} if about else {}) | ({"why": why} if why else {})


def _data(state: str, extent: str, reason: str, milliseconds: int | None) -> dict[str, Any]:
    said: dict[str, Any] = {"state": state, "extent": str(extent)}
    if reason:
        said["why"] = known_words(reason)
    return said if milliseconds is None else said | {"milliseconds": milliseconds}


def _cards(accounts: Iterable[Account]) -> Iterator[dict[str, Any]]:
    for account in accounts:
        for position, card in enumerate(account.cards):
            yield {
                "evaluation_id": account.id,
                "position": position,
                "card_uuid": card.uuid,
                "advice_code": card.code,
                "row_id": card.row,
                "indicator": card.indicator,
                "evidence_key": card.evidence,
                "shown": not card.withheld,
                "withheld": card.withheld or None,
            }


def count_before(engine: Engine, before: datetime) -> int:
    """How many rows ``purge`` would delete."""
    with told(engine), engine.connect() as connection:
        query = select(func.count()).select_from(evaluation).where(evaluation.c.at < before)
        return int(connection.scalar(query) or 0)


def purge(engine: Engine, before: datetime) -> None:
    """Deletes the rows of every call before the instant."""
    old = evaluation.c.at < before
    with told(engine), engine.begin() as connection:
        of_old = evaluation_card.c.evaluation_id.in_(select(evaluation.c.id).where(old))
        connection.execute(delete(evaluation_card).where(of_old))
        connection.execute(delete(evaluation).where(old))
    checkpoint(engine)
