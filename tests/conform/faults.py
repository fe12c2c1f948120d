"""Faults of CDS services, each as a change to the replies of a good one."""

import json
import threading
import time
import uuid
from collections.abc import Callable
from typing import Any

from tests.conform.good_service import CARD, SERVICE, Call, Change, Reply, good_reply

NO_CARDS = {"cards": []}  # type: ignore[var-annotated]
BASE = "cds-services"


def card(**members: Any) -> Change:
    """Every card with these members; None takes a member away."""
    return each_card(lambda found: _with(found, members))


def suggestion(**members: Any) -> Change:
    return each_card(lambda found: found | {"suggestions": [_with(found["suggestions"][0], members)]})


def link(**members: Any) -> Change:
    return each_card(lambda found: found | {"links": [_with(found["links"][0], members)]})


def each_card(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Change:
    def changed(_: Call, reply: Reply) -> Reply:
        if not isinstance(reply.body, dict) or "cards" not in reply.body:
            return reply
        return reply._replace(body={"cards": [change(each) for each in reply.body["cards"]]})

    return changed


def service(**members: Any) -> Change:
    """Discovery with these members in its one service; None takes a member away."""
    return discovery(lambda reply: reply._replace(body={"services": [_with(SERVICE, members)]}))


def _with(owner: dict[str, Any], members: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in (owner | members).items() if value is not None}


def discovery(become: Callable[[Reply], Reply | None]) -> Change:
    return lambda call, reply: become(reply) if (call.method, call.path) == ("GET", BASE) else reply


def answers(become: Callable[[Call, Reply], Reply | None]) -> Change:
    """What becomes of every answer to a hook call that has cards."""
    return lambda call, reply: become(call, reply) if isinstance(reply.body, dict) and "cards" in reply.body else reply


def refusals(become: Callable[[Call, Reply], Reply | None]) -> Change:
    """What becomes of every refusal of a malformed call."""

    def changed(call: Call, reply: Reply) -> Reply | None:
        malformed = call.path.startswith(f"{BASE}/") and not call.path.endswith("/feedback")
        return become(call, reply) if malformed and reply.status in (400, 404, 405) else reply

    return changed


def feedback(become: Callable[[Call, Reply], Reply | None]) -> Change:
    return lambda call, reply: become(call, reply) if call.path.endswith("/feedback") else reply


def moved_to(discovery_path: str, services_path: str) -> Change:
    """The same service at other addresses."""

    def answer(call: Call, reply: Reply) -> Reply:
        if call.method == "OPTIONS":
            return reply
        if call.method == "GET" and call.path == discovery_path:
            return Reply(200, {"services": [SERVICE]})
        if call.path.startswith(f"{services_path}/"):
            return good_reply(call._replace(path=BASE + call.path.removeprefix(services_path)))
        return Reply(404, {"detail": "Not Found"})

    return answer


def without_header(name: str) -> Change:
    return lambda _, reply: reply._replace(headers=dict(reply.headers) | {name: ""})


def lenient(_: Call, __: Reply) -> Reply:
    """A card for everything, read or not."""
    offered = [{"label": "Repeat the count", "uuid": str(uuid.uuid4())}]
    return Reply(200, {"cards": [CARD | {"uuid": str(uuid.uuid4()), "suggestions": offered}]})


def slow_again() -> Callable[[Call, Reply], Reply]:
    """Answers in good time, but for the same call again and again, which is how answers are timed."""
    last: list[bytes] = []

    def answer(call: Call, reply: Reply) -> Reply:
        if last == [call.body]:
            time.sleep(0.7)
        last[:] = [call.body]
        return reply

    return answer


def always(status: int, body: Any = NO_CARDS) -> Callable[[Call, Reply], Reply]:
    return lambda _, __: Reply(status, body)


def sees(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Change:
    """The service sees another call than was made."""

    def changed(call: Call, reply: Reply) -> Reply:
        if call.method != "POST" or reply.status not in (200, 412) or call.path.endswith("/feedback"):
            return reply
        return good_reply(call._replace(body=json.dumps(change(json.loads(call.body))).encode()))

    return changed


def without(*names: str) -> Change:
    return sees(lambda body: {name: value for name, value in body.items() if name not in names})


def prefetch(change: Callable[[Any], Any]) -> Change:
    """Every prefetched value is taken for another."""
    return sees(
        lambda body: (
            body | {"prefetch": {k: change(v) for k, v in body["prefetch"].items()}} if "prefetch" in body else body
        )
    )


def if_asked(test: Callable[[Call], bool], become: Callable[[Call, Reply], Reply | None]) -> Change:
    return lambda call, reply: become(call, reply) if test(call) else reply


def one_at_a_time() -> Callable[[Call, Reply], Reply]:
    """A second call while one is being answered is turned away."""
    busy = threading.Lock()

    def answer(_: Call, reply: Reply) -> Reply:
        if not busy.acquire(blocking=False):
            return Reply(503, b"")
        time.sleep(0.02)
        busy.release()
        return reply

    return answer
