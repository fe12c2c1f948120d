"""Which suggestions are left for an EHR that shows no updates and deletions, or none at all."""

import pytest

from cds_service.advice.suggestions_parts import CBC, Suggestion
from cds_service.advice.suggestions_shown import shown

CREATE, UPDATE, DELETE = {"type": "create"}, {"type": "update"}, {"type": "delete"}
HOLD = Suggestion("Hold", (UPDATE, CREATE), recommended=True)
REPEAT = Suggestion("Repeat", (CREATE,))
REMOVE = Suggestion("Remove", (DELETE, CREATE))
REMOVE_ONLY = Suggestion("Remove", (DELETE,))
COUNT = Suggestion(CBC, (CREATE,))

CASES = [
    ((HOLD, REPEAT, REMOVE), "full", (HOLD, REPEAT, REMOVE)),
    ((HOLD, REPEAT, REMOVE), "create-only", (REPEAT,)),
    ((REMOVE,), "create-only", (COUNT,)),
    ((REMOVE_ONLY,), "create-only", ()),
    ((), "create-only", ()),
    ((HOLD, REPEAT), "none", ()),
]


@pytest.mark.parametrize(("offered", "allowed", "left"), CASES)
def test_what_is_left(offered: tuple[Suggestion, ...], allowed: str, left: tuple[Suggestion, ...]) -> None:
    assert shown(offered, allowed) == left
