"""A condition that a card rests on stands there with its date."""

from dataclasses import replace

import pytest

from cds_service.clinical.record import When
from tests.advice.writing import card_in, patient_on_file
from tests.clinical.moments import NOW


@pytest.mark.parametrize(
    ("recorded", "onset", "said"),
    [(True, True, "recorded 22 Nov 2026"), (False, True, "onset 22 Nov 2026"), (False, False, "no date recorded")],
)
def test_a_condition_has_its_date(recorded: bool, onset: bool, said: str) -> None:
    record = patient_on_file(orders="anakinra active", counts="1.2 @ day -2", conditions="duffy-null")
    when = When(NOW, NOW.date())
    dated = tuple(
        replace(each, recorded=when if recorded else None, onset=when if onset else None) for each in record.conditions
    )
    assert f"**Found:** duffy-null ({said})." in card_in(replace(record, conditions=dated), "duffy-null")["detail"]
