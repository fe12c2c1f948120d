"""One answer: what the retrospective evaluation says of a patient at a time, and what the hook says then.

The hook is called over HTTP, with everything prefetched and fetching from a FHIR server, the clock set to the moment,
with only those resources that were known by then: ``charts`` picks them out without the code under test.
"""

import json
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from cds_service import create_app, stories
from cds_service.clinical.scene import Hook
from cds_service.ehr.fhir_server import serving
from cds_service.errors import CdsError
from cds_service.retrospective.chart import Source, shown
from cds_service.retrospective.evaluate import Evaluator
from cds_service.retrospective.moments import Choice, Moment, moments_of
from cds_service.settings import Settings
from cds_service.site import Site
from cds_service.stories import Story
from tests.retrospective.charts import ORDER_HOOKS, Chart, body_of, charts, moments
from tests.retrospective.exports import SERVICE, VIEW, Json, read_from
from tests.stories.ehr import prefetched

Answer = tuple[int, Any]
"""The status, and the cards or the lines of the refusal."""


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return create_app(Settings(deadline_ms=20_000, audit="off", feedback="off")).test_client()


@pytest.fixture(scope="module")
def site() -> Site:
    return Site.open(Settings(trace="off"))


def hook_says(client: FlaskClient, chart: Chart, hook: str, moment: datetime) -> Answer:
    """Everything prefetched."""
    body, store = body_of(chart, hook, moment)
    story = Story(chart.story.name, {}, body, {})
    return post(client, hook, moment, body | {"prefetch": prefetched(SERVICE[hook].prefetch, story, store)})


def hook_says_fetching(client: FlaskClient, chart: Chart, hook: str, moment: datetime) -> Answer:
    """Nothing prefetched."""
    body, store = body_of(chart, hook, moment)
    with serving(store) as base:
        return post(client, hook, moment, body | {"fhirServer": base})


def post(client: FlaskClient, hook: str, moment: datetime, body: Json) -> Answer:
    with time_machine.travel(moment, tick=False):
        answer = client.post(f"/cds-services/{SERVICE[hook].id}", json=body)
    said = answer.get_json()
    return answer.status_code, said["cards"] if answer.status_code == 200 else said["issue"]


def replay_says(site: Site, chart: Chart, hook: str, moments: list[datetime] | None) -> dict[datetime, Answer]:
    """By moment; at those of the patient's own where none are given."""
    with TemporaryDirectory() as folder:
        export = read_from(chart.export(Path(folder)), hook)
    assert export.faults.count == 0
    dossier = export.dossiers.get(chart.patient)
    if dossier is None:
        return {}
    source = Source(SERVICE[hook], export.searches, export.types)
    evaluator = Evaluator(site, source, export)
    dossier.sort()
    if moments is None:
        found = moments_of(dossier, Hook(hook), Choice(datetime(2100, 1, 1, tzinfo=UTC)))
    else:
        found = [Moment(each) for each in moments]
    return {each.at: answer_of(evaluator, dossier, each) for each in found}


def answer_of(evaluator: Evaluator, dossier: Any, moment: Moment) -> Answer:
    try:
        reply = evaluator.reply(dossier, moment, shown(dossier, moment))
    except CdsError as refused:
        issues = [{"severity": "error", "code": refused.issue_code, "diagnostics": each} for each in refused.messages]
        return refused.status, issues
    return 200, json.loads(reply.body)["cards"]


@pytest.mark.parametrize("hook", [VIEW, *ORDER_HOOKS])
@pytest.mark.parametrize("name", stories.names())
def test_every_story_at_every_moment(name: str, hook: str, client: FlaskClient, site: Site) -> None:
    story = stories.read(name)
    chart = Chart(story, story.resources)
    for moment, answer in replay_says(site, chart, hook, None).items():
        assert answer == hook_says(client, chart, hook, moment), moment


@pytest.mark.parametrize("name", stories.names())
def test_every_story_on_its_own_day(name: str, client: FlaskClient, site: Site) -> None:
    story = stories.read(name)
    chart = Chart(story, story.resources)
    said = hook_says(client, chart, VIEW, story.today)
    assert replay_says(site, chart, VIEW, [story.today]).get(story.today, (200, [])) == said


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_whatever_the_record(data: st.DataObject, client: FlaskClient, site: Site) -> None:
    chart = data.draw(charts())
    hook = data.draw(st.sampled_from((VIEW, *ORDER_HOOKS)))
    for moment in data.draw(moments(chart, hook)):
        answers = replay_says(site, chart, hook, [moment] if hook == VIEW else None)
        # whom the evaluation passes over, the hook has nothing to say about
        assert answers.get(moment, (200, [])) == hook_says(client, chart, hook, moment)


@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_whatever_the_record_when_the_hook_fetches(data: st.DataObject, client: FlaskClient, site: Site) -> None:
    chart = data.draw(charts())
    hook = data.draw(st.sampled_from((VIEW, "order-sign")))
    (moment, *_) = data.draw(moments(chart, hook))
    answers = replay_says(site, chart, hook, [moment] if hook == VIEW else None)
    assert answers.get(moment, (200, [])) == hook_says_fetching(client, chart, hook, moment)
