"""Every valid answer of a run, judged by the validator: one result for each requirement on what an answer holds."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from cds_service.conform import parts
from cds_service.conform.bench import Bench
from cds_service.conform.exchange import Exchange
from cds_service.conform.lines import BESIDES, Line, named_by
from cds_service.conform.verdicts import Outcome, Result, Verdict, not_tested, passed
from cds_service.validate.finding import Finding, Severity

_SHOWN = 5


class _Found(NamedTuple):
    finding: Finding
    exchange: Exchange


def judge(bench: Bench, lines: Sequence[Line]) -> Iterator[Result]:
    """The results of the lines that the validator can settle, and of whatever else it found."""
    found: dict[str, list[_Found]] = defaultdict(list)
    seen: dict[str, Exchange] = {}
    for exchange, request in bench.answers:
        is_call = exchange is not bench.discovery
        held = parts.of_response(exchange.json) if is_call else parts.of_discovery(exchange.json)
        for part in held:
            seen.setdefault(part, exchange)
        for finding in _findings(exchange, request if is_call else None, bench.options.profile):
            found[finding.requirement].append(_Found(finding, exchange))
    for line in lines:
        told = [each for name in found for each in found[name] if name in line.counted or named_by(line, name)]
        if told:
            yield Result(line.title, (line.requirement.id,), "", _failed(told))
        elif line.needs:
            yield Result(line.title, (line.requirement.id,), "", _unfailed(line.needs, seen, bench))
    for name, told in found.items():
        if not any(name in line.counted or named_by(line, name) for line in lines):
            yield Result(told[0].finding.message, (name,), BESIDES, _failed(told))


def _findings(exchange: Exchange, request: bytes | None, profile: str) -> Iterable[Finding]:
    from cds_service.validate import Unreadable, validate

    try:
        kind = "discovery" if request is None else "response"
        return validate(exchange.body, kind, request=request, profile=profile).findings
    except Unreadable as unreadable:
        broken = "json_rfc8259@2" if _is_utf8(exchange.body) else "json_rfc8259@8.1"
        return [Finding(Severity.ERROR, "", broken, unreadable.message, "Answer with one JSON object in UTF-8.")]


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def _failed(told: list[_Found]) -> Verdict:
    """The gravest first; the same fault in many answers is said once, with how often it was seen."""
    grave = next(each for each in Severity if any(one.finding.severity is each for one in told))
    worst = [each for each in told if each.finding.severity is grave]
    first = worst[0].finding
    often = f" (seen {len(worst)} times)" if len(worst) > 1 else ""
    where = first.pointer or "the whole body"
    message = f"{where}: {first.message.rstrip('.')}{often}. {first.fix}"
    return Verdict(Outcome.FAIL, message, tuple(each.exchange for each in worst[:_SHOWN]), grave)


def _unfailed(part: str, seen: dict[str, Exchange], bench: Bench) -> Verdict:
    if part in seen:
        return passed(seen[part])
    if not bench.services:
        return not_tested(bench.no_services)
    return not_tested(parts.unseen(part))
