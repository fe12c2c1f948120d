"""What is kept of one call, gathered on its path in some microseconds and written later by another thread.

Nothing here points to the chart that was read: thousands of accounts may wait while a database is away.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from secrets import token_hex
from typing import NamedTuple

from cds_service.audit.known_words import known_problem
from cds_service.clinical.assess import NOT_ASSESSED
from cds_service.clinical.findings import Assessment, Outcome
from cds_service.clinical.picture import Picture
from cds_service.clinical.record import Completeness, Medication, Record, When
from cds_service.errors import CdsError
from cds_service.feedback.kept import KeptCard
from cds_service.fhir.keydata import KeyData
from cds_service.hook_call import Reply
from cds_service.hooks.request import HookRequest
from cds_service.hooks.services import Service
from cds_service.hooks.sufficiency import NotEnough
from cds_service.hooks.trace import NO_ORDER_OF_OURS
from cds_service.patient import Unreachable
from cds_service.switches.discretion import ACTIVE, SILENT_MODE, Mode

CARDS, NONE, NOT_EVALUATED, WITHHELD, REFUSED = "cards", "none", "not-assessed", "withheld", "refused"
"""What became of a call; of one in silent mode, what would have if it were not."""
_COUNTS = 2


class Call(NamedTuple):
    """One call: whose, when, how long. ``request`` is None where it could not be read.

    ``profile``: whose thresholds the client has. ``patient``: of a call that is no hook call, whom it is about.
    """

    service: Service
    at: datetime
    profile: str
    request: HookRequest | None = None
    client: str = "sandbox"
    mode: Mode = ACTIVE
    milliseconds: float = 0
    correlation_id: str = ""
    patient: str = ""

    def ended(self, milliseconds: float, correlation_id: str) -> "Call":
        """The same call once it is answered."""
        return self._replace(milliseconds=milliseconds, correlation_id=correlation_id)


class Who(NamedTuple):
    """Whom a call was about, as sent; only keyed hashes of it are written. Its repr hides it."""

    hook_instance: str
    patient: str
    user: str

    def __repr__(self) -> str:
        return "Who(...)"


class KeyState(NamedTuple):
    """How one prefetch key came."""

    state: str
    extent: str
    reason: str
    milliseconds: int | None


class Account(NamedTuple):
    """One hook call and what became of it. ``inputs``: each resource the answer rests on, with its day."""

    id: str
    call: Call
    who: Who | None
    outcome: str
    status: int = 200
    problems: Sequence[str] = ()
    cards: Sequence[KeptCard] = ()
    rules: Sequence[Outcome] = ()
    data: Mapping[str, KeyState] = {}
    inputs: Mapping[str, date | None] = {}


def account_of(call: Call, reply: Reply, cards: Sequence[KeptCard]) -> Account:
    """The account of an answer."""
    return Account(
        token_hex(16),
        call._replace(request=None),
        who_of(call),
        outcome_of(cards),
        cards=cards,
        rules=reply.assessment.outcomes if reply.assessment else NO_ORDER_OF_OURS,
        data=states_of(reply.keys, reply.assessment.picture.record.completeness if reply.assessment else {}),
        inputs=_inputs(reply.assessment, cards) if reply.assessment else {},
    )


def account_of_refusal(call: Call, error: CdsError) -> Account:
    """The account of any status other than 200."""
    lines = filter(None, map(known_problem, error.messages))
    problems = (type(error).__name__, *dict.fromkeys(lines))
    data = states_of(error.keys) if isinstance(error, NotEnough | Unreachable) else {}
    kept = call._replace(request=None, patient="")
    return Account(token_hex(16), kept, who_of(call), REFUSED, error.status, problems, data=data)


def who_of(call: Call) -> Who | None:
    """Whom a call was about; of one that is no hook call only the patient is known."""
    request = call.request
    if request is None:
        return Who("", call.patient, "") if call.patient else None
    return Who(request.hook_instance, request.patient_id, request.context.user_id)


def outcome_of(cards: Sequence[KeptCard]) -> str:
    """Of a 200. Where cards were found and none of them left, it is not "none", which is to say "all clear"."""
    if not cards:
        return NONE
    codes = {card.code for card in cards if card.withheld in ("", SILENT_MODE)}
    if not codes:
        return WITHHELD
    return NOT_EVALUATED if codes == {NOT_ASSESSED} else CARDS


def states_of(keys: Mapping[str, KeyData], read: Mapping[str, Completeness] = {}) -> dict[str, KeyState]:
    """How each prefetch key came; ``read``: how complete each was found to be when it was read, where it was."""
    return {key: _state(data, read.get(key, data.completeness)) for key, data in keys.items()}


def _state(data: KeyData, completeness: Completeness) -> KeyState:
    extent, reason, _ = completeness
    return KeyState(data.state, extent, reason, data.milliseconds)


def _inputs(assessment: Assessment, cards: Iterable[KeptCard]) -> dict[str, date | None]:
    """What the cards name as their evidence, and what every answer rests on: the latest counts, the two drugs' orders.

    Where there is no card, these tell why.
    """
    return inputs_of(assessment.picture, {source for card in cards for source in card.sources})


def inputs_of(picture: Picture, wanted: set[str]) -> dict[str, date | None]:
    """The resources ``wanted``, the latest counts and the two drugs' orders, each with its day."""
    for count in picture.counts[-_COUNTS:]:
        wanted.update(count.sources)
    wanted.update(result.source for result in (*picture.unreadable, *picture.pending))
    for exposure in (picture.anakinra, picture.tocilizumab):
        wanted.update(order.source for interval in exposure.intervals[-1:] for order in interval.orders)
    wanted.update(draft.source for draft in picture.record.drafts)
    return _dated(wanted, picture.record)


def _dated(wanted: set[str], record: Record) -> dict[str, date | None]:
    dates: dict[str, date | None] = dict.fromkeys(sorted(wanted))
    for result in record.results:
        if result.source in wanted:
            dates[result.source] = _day(result.when)
    for medication in record.medications:
        if medication.source in wanted:
            dates[medication.source] = _day(_begun(medication))
    for condition in record.conditions:
        if condition.source in wanted:
            dates[condition.source] = _day(condition.onset or condition.recorded)
    return dates


def _begun(medication: Medication) -> When | None:
    return medication.authored or medication.bounds_start


def _day(when: When | None) -> date | None:
    return when.day if when else None
