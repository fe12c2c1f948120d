"""The figures in the documents are what the command draws today."""

from pathlib import Path

import pytest

from cds_service.timeline.look import Look
from cds_service.timeline.svg import svg_of
from tests.timeline.charts import CASE_1, CASE_2, story_chart

FIGURES = Path(__file__).parents[2] / "docs" / "figures"


@pytest.mark.parametrize(("file", "story"), [("case-1.svg", CASE_1), ("case-2.svg", CASE_2)])
def test_a_figure_is_up_to_date(file: str, story: str) -> None:
    drawn = svg_of(story_chart(story), Look(days=True))
    remedy = f"cds-service timeline --story {story} --days -o docs/figures/{file}"
    assert (FIGURES / file).read_text("utf-8") == drawn, f"draw it again: {remedy}"
