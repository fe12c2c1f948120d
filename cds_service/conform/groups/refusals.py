"""What all the malformed calls of a run show together: the status, the body, and what a clinician would be shown."""

from cds_service.conform.bench import Bench, Malformed, gist
from cds_service.conform.verdicts import Group, NotTested, Verdict, failed, passed

group = Group("malformed")


def _made(bench: Bench) -> list[Malformed]:
    if not bench.malformed:
        bench.offered()
        raise NotTested("No malformed call could be made, as no valid call was answered")
    return bench.malformed


@group.check("No malformed call is answered with 5xx or silence", "anakinra-cds_1@malformed-no-5xx")
def no_server_error(bench: Bench) -> Verdict:
    made = _made(bench)
    return _verdict([each for each in made if not each.exchange.status or each.exchange.status >= 500], made)


@group.check("No error becomes an empty list of cards", "anakinra-cds_1@no-false-all-clear", "davinci-crd_2.2.1@hook-9")
def no_false_all_clear(bench: Bench) -> Verdict:
    made = _made(bench)
    return _verdict([each for each in made if _is_false(bench, each)], made)


def _is_false(bench: Bench, each: Malformed) -> bool:
    cards = each.exchange.cards
    if cards is None:
        return False
    return not each.tolerable or gist(cards) != gist(bench.plain(each.service).exchange.cards)


@group.check(
    "Errors are told as an OperationOutcome",
    "anakinra-cds_1@operation-outcome",
    "cds-hooks_3.0-ballot@operation-outcome",
    "davinci-crd_2.2.1@hook-10",
)
def told_as_outcome(bench: Bench) -> Verdict:
    made = [each for each in _made(bench) if each.exchange.status >= 400]
    if not made:
        raise NotTested("No call was answered with an error")
    return _verdict([each for each in made if not each.exchange.is_outcome], made)


@group.check("Browsers may read the reason of an error", "anakinra-cds_1@cors-on-errors")
def readable_by_browsers(bench: Bench) -> Verdict:
    service = _made(bench)[0].service
    exchange = bench.wire.post(bench.path(service), b"{", {"Origin": ORIGIN})
    if exchange.ok or not exchange.status:
        raise NotTested(f"A body cut off: {exchange.said}, which is no error answer")
    if allows(exchange.headers.get("access-control-allow-origin", "")):
        return passed(exchange)
    return failed(f"{exchange.said} without Access-Control-Allow-Origin", exchange)


ORIGIN = "https://ehr.example.org"


def allows(origin: str) -> bool:
    """True if Access-Control-Allow-Origin lets our origin read the answer."""
    return origin.strip() in ("*", ORIGIN)


def _verdict(wrong: list[Malformed], made: list[Malformed]) -> Verdict:
    if not wrong:
        return passed(*(each.exchange for each in made), note=f"{len(made)} calls")
    named = dict.fromkeys(f"{each.name}: {each.exchange.said}" for each in wrong)
    shown = "; ".join(list(named)[:3]) + (f"; and {len(named) - 3} more" if len(named) > 3 else "")
    return failed(f"{len(wrong)} of {len(made)} calls: {shown}", *(each.exchange for each in wrong))
