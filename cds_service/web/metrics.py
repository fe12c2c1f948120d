"""Metrics for Prometheus at /metrics, where ``CDS_METRICS=on``. Every label comes from a closed set.

No patient, user, id, URL or host is a label: a service is one of ours, a client one that the site configured, and a
reason one of a list. With several workers, PROMETHEUS_MULTIPROC_DIR adds them up (``gunicorn_hooks``).
"""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from hmac import compare_digest
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, g, request

from cds_service.audit.account import Account, Call, outcome_of
from cds_service.audit.review import CAUSALITY
from cds_service.clinical.findings import Answer
from cds_service.clinical.lacks import lack_of
from cds_service.clinical.record import Completeness
from cds_service.errors import Forbidden, UnknownService
from cds_service.feedback.entry import Entry
from cds_service.feedback.kept import KeptCard
from cds_service.fhir.keydata import KeyData
from cds_service.fhir.read.shelf import DRAFT_ORDERS
from cds_service.fhir.reason_kinds import ANOTHER_PATIENT, kind_of
from cds_service.hook_call import Reply
from cds_service.records.recorder import Lost, Recorder
from cds_service.settings import Settings
from cds_service.web.gunicorn_hooks import METRICS_FOLDER
from cds_service.web.peers import require_loopback

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

SECONDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 1.5, 2.5, 5.0)
_FETCHED = ("fetched", "failed", "paged")
_OFF = "This service counts nothing (CDS_METRICS=off)."
_NO_TOKEN = "The metrics ask for Authorization: Bearer, with the token of CDS_METRICS_TOKEN."  # noqa: S105


def add_metrics(app: Flask, settings: Settings, recorder: Recorder[Account]) -> "Meter | None":
    """Adds /metrics; the meter that the routes report to, None where metrics are off."""
    meter = Meter(recorder) if settings.metrics == "on" else None
    app.extensions["metrics"] = meter

    @app.get("/metrics")
    def tell_metrics() -> Response:
        if meter is None:
            raise UnknownService(_OFF)
        _require_reader(settings.metrics_token)
        return Response(meter.text(), content_type="text/plain; version=0.0.4; charset=utf-8")

    return meter


def _require_reader(token: str) -> None:
    """Whoever has the token; without one, this machine only. Raises Forbidden."""
    if not token:
        require_loopback(request.environ)
    elif not compare_digest(request.headers.get("Authorization", "").encode(), f"Bearer {token}".encode()):
        raise Forbidden(_NO_TOKEN)


class Meter:
    """Counts what became of calls. One per application; prometheus-client is imported here and nowhere else."""

    def __init__(self, recorder: Recorder[Account]) -> None:
        from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

        self._recorder = recorder
        self._lost_told = Lost()
        self._registry = registry = CollectorRegistry()

        def counter(name: str, about: str, *labels: str) -> Callable[..., Any]:
            # Finding the counter of some labels costs more than counting; there are few of each, so they are kept.
            return cache(Counter(f"cds_{name}", about, labels, registry=registry).labels)

        self._calls = counter("calls", "Calls by service, status and client", "service", "status", "client")
        self._answers = counter("answers", "Hook calls answered, by outcome and mode", "service", "outcome", "mode")
        self._cards = counter("cards", "Cards sent", "code", "indicator")
        self._withheld = counter("cards_withheld", "Cards found and not sent, and why", "code", "indicator", "why")
        self._unanswered = counter("not_evaluated", "Rules that could not be evaluated, and what lacked", "rule", "why")
        self._upstream = counter("data_faults", "Prefetch keys that were not complete", "key", "source", "why")
        self._feedback = counter("feedback", "Reports of feedback taken, by outcome", "outcome")
        self._limited = counter("rate_limited", "Calls over the limit, by client", "client")
        seconds = Histogram("cds_call_seconds", "Time of a hook call", ("service",), buckets=SECONDS, registry=registry)
        self._seconds = cache(seconds.labels)
        self._lost = Gauge(
            "cds_calls_not_recorded",
            "Hook calls of which no record could be written, since the start",
            registry=registry,
            multiprocess_mode="livesum",
        )

    def answered(self, call: Call, reply: Reply, cards: Sequence[KeptCard]) -> None:
        """A hook call's 200: what it had to go by, what it could not tell, its cards."""
        service = call.service.id
        self._calls(service, "200", _client()).inc()
        self._seconds(service).observe(call.milliseconds / 1000)
        self._answers(service, outcome_of(cards), call.mode).inc()
        if self._recorder.lost != self._lost_told:
            self._tell_lost()
        for card in cards:
            if card.withheld:
                self._withheld(card.code, card.indicator, card.withheld).inc()
            else:
                self._cards(card.code, card.indicator).inc()
        self._count_gaps(reply)

    def _count_gaps(self, reply: Reply) -> None:
        if reply.assessment is None:
            self._count_faults(reply.keys, {})
            return
        record = reply.assessment.picture.record
        self._count_faults(reply.keys, record.completeness)
        for draft in record.drafts:
            if draft.unidentified:
                self._upstream(DRAFT_ORDERS, "prefetch", kind_of(draft.unidentified)).inc()
        for outcome in reply.assessment.outcomes:
            if outcome.answer is Answer.NOT_EVALUATED:
                self._unanswered(outcome.rule, lack_of(outcome.reason)).inc()

    def _count_faults(self, keys: Mapping[str, KeyData], read: Mapping[str, Completeness]) -> None:
        """``read``: how complete each key was found to be when it was read, where it was."""
        for key, data in keys.items():
            found = read.get(key, data.completeness)
            if not found.complete:
                source = "server" if data.state in _FETCHED else "prefetch"
                self._upstream(key, source, kind_of(found.reason) if found.reason else ANOTHER_PATIENT).inc()

    def reviewed(self) -> None:
        """A 200 of POST /causality."""
        self._calls(CAUSALITY.id, "200", _client()).inc()

    def refused(self, service: str, status: int, keys: Mapping[str, KeyData] = {}) -> None:
        """Any other answer; ``service`` is "-" where none was reached, ``keys`` what a 412 had to go by."""
        self._calls(service, str(status), _client()).inc()
        self._count_faults(keys, {})
        if status == 429:
            self._limited(_client()).inc()

    def took_feedback(self, service: str, entries: Iterable[Entry]) -> None:
        """A feedback call's 200; reports that came before count again."""
        self._calls(service, "200", _client()).inc()
        for entry in entries:
            self._feedback(entry.outcome).inc()

    def text(self) -> bytes:
        """The metrics as Prometheus reads them, of all workers where they have a common folder."""
        from prometheus_client import generate_latest

        self._tell_lost()
        return generate_latest(self._all())

    def _tell_lost(self) -> None:
        # Each process tells its own: another one may be asked for the metrics.
        self._lost_told = lost = self._recorder.lost
        self._lost.set(lost.calls)

    def _all(self) -> "CollectorRegistry":
        if not os.environ.get(METRICS_FOLDER):
            return self._registry
        from prometheus_client import CollectorRegistry
        from prometheus_client.multiprocess import MultiProcessCollector

        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return registry


def _client() -> str:
    """The configured client's name; "-" in a sandbox."""
    return str(g.get("client") or "-")
