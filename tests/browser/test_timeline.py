"""The neutrophil timeline of case 1: its points, its bars, and what a mark tells."""

import pytest
from playwright.sync_api import expect

from tests.browser.desk import Desk

pytestmark = pytest.mark.browser


def test_case_1_is_drawn(desk: Desk) -> None:
    panel = desk.choose("case1g").tab("Timeline")
    expect(panel.locator("svg .tl-point")).to_have_count(9)
    expect(panel.locator("svg .tl-bar")).to_have_count(3)
    expect(panel.locator("svg .tl-stop")).to_have_count(2)
    expect(panel.locator("svg .tl-episode")).to_have_count(2)
    desk.photograph("timeline-light")


def test_a_mark_tells_its_value_date_and_source(desk: Desk) -> None:
    panel = desk.choose("case1g").tab("Timeline")
    point = panel.locator("svg .tl-point[data-source='Observation/case1g-anc-4']")
    point.hover()
    expect(panel.locator("#point-said")).to_contain_text("0.75")
    expect(panel.locator("#point-said")).to_contain_text("Observation/case1g-anc-4")
    panel.locator("svg .tl-point[data-source='Observation/case1g-anc-nadir']").focus()
    expect(panel.locator("#point-said")).to_contain_text("1.12")


def test_the_axis_can_be_changed_and_the_table_read(desk: Desk) -> None:
    panel = desk.choose("case1g").tab("Timeline")
    panel.locator("input[value=linear]").check()
    expect(panel.locator("input[value=linear]")).to_be_checked()
    expect(panel.locator("svg .tl-point")).to_have_count(9)
    panel.get_by_text("The same facts as a table").click()
    expect(panel.locator("table")).to_contain_text("0.75")


def test_another_patient_is_another_drawing(desk: Desk) -> None:
    panel = desk.choose("case1g").tab("Timeline")
    expect(panel.locator("svg .tl-point")).to_have_count(9)
    desk.choose("child1a")
    expect(panel.locator("svg .tl-point")).to_have_count(1)
