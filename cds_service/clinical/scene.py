"""One hook call as the overlays see it: the picture, the drafts, and the base rows already chosen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from cds_service.clinical.exposure import Use
from cds_service.clinical.findings import Answer, Fact
from cds_service.clinical.picture import Picture
from cds_service.clinical.record import Draft
from cds_service.clinical.rows import Row, rests_on_normal_count
from cds_service.clinical.state import State
from cds_service.codes.drugs import in_group


class Hook(StrEnum):
    """The three hooks this service answers."""

    VIEW = "patient-view"
    SELECT = "order-select"
    SIGN = "order-sign"


class Chosen(NamedTuple):
    """A base row that was chosen for a drug, before gaps are considered."""

    row: Row
    state: State
    drug: str = ""


class Verdict(NamedTuple):
    """One overlay's answer. ``facts`` fill its summary; ``sources`` are the resources it rests on."""

    answer: Answer
    reason: str = ""
    facts: Mapping[str, Fact] = {}
    sources: tuple[str, ...] = ()
    drafts: tuple[Draft, ...] = ()
    variant: str = ""
    applies: bool = True


@dataclass(frozen=True, slots=True)
class Scene:
    """``drafts`` are this patient's proposed orders, selected or not."""

    picture: Picture
    hook: Hook
    drafts: tuple[Draft, ...] = ()
    base: tuple[Chosen, ...] = ()

    def drafted(self, *names: str, group: str = "") -> tuple[Draft, ...]:
        """Drafts of these drugs (or of a group)."""
        return tuple(
            each
            for each in self.drafts
            if each.drug is not None and (each.drug.name in names or (group and in_group(each.drug.name, group)))
        )

    def selected(self, *names: str, group: str = "") -> tuple[Draft, ...]:
        return tuple(each for each in self.drafted(*names, group=group) if each.selected)

    @property
    def anakinra_on(self) -> bool:
        return self.picture.anakinra.use is Use.ON

    @property
    def anakinra_in_use(self) -> bool:
        return self.picture.anakinra.use in (Use.ON, Use.HELD)

    @property
    def rests_on_normal_count(self) -> bool:
        return any(rests_on_normal_count(each.row, each.state) for each in self.base)


def clear(reason: str) -> Verdict:
    return Verdict(Answer.CLEAR, reason)


def not_applicable(reason: str) -> Verdict:
    """Clear for want of a subject: the rule does not speak of this patient or these orders."""
    return Verdict(Answer.CLEAR, f"not applicable: {reason}", applies=False)


def not_evaluated(reason: str) -> Verdict:
    return Verdict(Answer.NOT_EVALUATED, reason)


def finding(reason: str, sources: Iterable[str] = (), drafts: tuple[Draft, ...] = (), **facts: Fact) -> Verdict:
    return Verdict(Answer.FINDING, reason, facts, tuple(sources), drafts)
