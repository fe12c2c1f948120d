"""What a check says, and how checks are laid down: one behaviour a function, with a title and its requirement ids."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from cds_service.conform.exchange import Exchange
from cds_service.validate.finding import Severity


class Outcome(StrEnum):
    """Of a check and of a line. A check passes, fails or is not tested; a failed one may weigh less in a line."""

    PASS = "pass"  # noqa: S105  no password
    FAIL = "fail"
    WARNING = "warning"
    HINT = "hint"
    NOT_TESTED = "not tested"


class Verdict(NamedTuple):
    """``message`` is why it failed or was not tested, or what is worth knowing of a pass; one line."""

    outcome: Outcome
    message: str = ""
    evidence: tuple[Exchange, ...] = ()
    severity: Severity = Severity.ERROR


class Result(NamedTuple):
    """A verdict with the check it is of; ``service`` is the id of the service called, "" where it was none."""

    title: str
    requirements: tuple[str, ...]
    service: str
    verdict: Verdict


class NotTested(Exception):  # noqa: N818  named as a reader would say it
    """Raised by whatever a check needs and cannot have; its text is the reason."""


class Check(NamedTuple):
    """One behaviour. ``run`` takes the bench, and the service where the check is made for each."""

    title: str
    requirements: tuple[str, ...]
    run: Callable[..., Verdict]


@dataclass(slots=True)
class Group:
    """Checks that belong together; ``each_service`` repeats them for every service offered."""

    name: str
    each_service: bool = False
    checks: list[Check] = field(default_factory=list)

    def check(self, title: str, *requirements: str) -> Callable[[Callable[..., Verdict]], Callable[..., Verdict]]:
        """Lays down the function below it as a check."""

        def lay_down(run: Callable[..., Verdict]) -> Callable[..., Verdict]:
            self.checks.append(Check(title, requirements, run))
            return run

        return lay_down


def passed(*evidence: Exchange, note: str = "") -> Verdict:
    return Verdict(Outcome.PASS, note, evidence)


def failed(message: str, *evidence: Exchange) -> Verdict:
    return Verdict(Outcome.FAIL, message, evidence)


def not_tested(reason: str, *evidence: Exchange) -> Verdict:
    return Verdict(Outcome.NOT_TESTED, reason, evidence)


def settle(check: Check, *arguments: Any) -> Verdict:
    """The verdict of one check; a fault of this tool is "not tested" and never ends the run."""
    try:
        return check.run(*arguments)
    except NotTested as reason:
        return not_tested(str(reason))
    except Exception as fault:  # noqa: BLE001  one broken check must not cost the other hundred
        return not_tested(f"A fault of this tool ({type(fault).__name__}): please report it")
