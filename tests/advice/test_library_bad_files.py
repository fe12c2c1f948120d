"""Each kind of bad file stops the start with one line that names the file, where it can the line, and the fix."""

from pathlib import Path

import pytest

from cds_service.advice.library import load_library
from cds_service.errors import ContentError
from tests.advice.conftest import Edit

DIFFER = "disagreements.toml"
HOLD = "hold-anakinra.toml"
SUMMARY_PV9 = (
    "ANC {anc} on anakinra: consider holding; look for infection and other causes; repeat the count in 1-2 days."
)
LONGER = " Then count again, and again, and again."
WHY = "The latest usable count is below 1.0."

# (what an editor did wrong, file, old text, new text, words of the message)
BAD_EDITS = [
    ("TOML broken", HOLD, 'code = "hold', 'code = hold', (f"cards/{HOLD}:1: not valid TOML",)),
    ("entry missing", HOLD, 'display = "Consider holding anakinra"\n', "", (f"cards/{HOLD}: missing entry `display`",)),
    ("entry unknown", HOLD, "table = true", "tabel = true\ntable = true", ("unknown entry `tabel`",)),
    ("entry of a row unknown", HOLD, 'id = "PV9"', 'id = "PV9"\nvarient = "x"', ("row", "unknown entry `varient`")),
    ("text where yes or no belongs", HOLD, "table = true", 'table = "yes"', ("table: Expected `bool`, got `str`",)),
    ("no date", HOLD, "2027-05-22", '"in May"', ("review_by: ",)),
    ("unknown indicator", HOLD, '"critical"', '"urgent"', ("indicator: Invalid enum value 'urgent'",)),
    ("code is not the file's name", HOLD, 'code = "hold-', 'code = "stop-', (f"{HOLD}:1: ", "rename")),
    ("display empty", HOLD, '"Consider holding anakinra"', '" "', (f"{HOLD}:2: display is empty",)),
    ("version", HOLD, '"0.3.0"', '"0.3"', (f"{HOLD}:3: ", "1.2.3")),
    ("review before release", HOLD, "2027-05-22", "2026-11-22", (f"{HOLD}:5: review_by is not after released",)),
    ("no such row in the rules", HOLD, 'id = "PV9"', 'id = "PV99"', ("row PV99: no rule has this row id",)),
    ("variant", HOLD, 'id = "PV9"', 'id = "PV9"\nvariant = "Late!"', ('row PV9 "Late!"', "lower-case")),
    ("summary too long", HOLD, SUMMARY_PV9, SUMMARY_PV9 + LONGER, ("row PV9", "under 140")),
    ("summary empty", HOLD, SUMMARY_PV9, "", ("row PV9", "0 characters", "not empty")),
    ("placeholder unknown", HOLD, "ANC {anc} on anakinra: urgent", "ANC {count}: urgent", ("{count}", "use one of")),
    ("placeholder that may be absent", HOLD, WHY, "{nadir}", ("{nadir} may be absent", "[square brackets]")),
    ("placeholder in evidence", HOLD, "no number for stopping.", "{anc}", ("evidence takes no placeholders",)),
    ("stray brace", HOLD, WHY, "} below", ('a stray "}"',)),
    ("bracket not closed", HOLD, WHY, "[below {anc}", ('"[" is not closed',)),
    ("bracket not opened", HOLD, WHY, "below] ", ('a stray "]"',)),
    ("brackets nested", HOLD, WHY, "[a [{anc}]]", ('a stray "["',)),
    ("bracket without placeholder", HOLD, WHY, "[always]", ("need a placeholder",)),
    ("HTML", HOLD, WHY, "<b>low</b>", (f"{HOLD}:9: HTML is not allowed",)),
    ("image", HOLD, "no number for stopping.", "![x]", ("images are not allowed",)),
    ("address", HOLD, "no number for stopping.", "see https://example.org", ("[[link]]",)),
    ("heading", HOLD, WHY, "# Low", ("headings are not allowed",)),
    ("promise", HOLD, WHY, "Now it is safe:", ('"safe" promises safety',)),
    ("grade without scale", HOLD, WHY, "Severe neutropenia:", ('"Severe" grades without a scale',)),
    ("source unknown", HOLD, 'source = "S2"', 'source = "S3"', ('source "S3" is not in sources.toml',)),
    ("link unknown", HOLD, '[[link]]\nsource = "S1"', '[[link]]\nsource = "X1"', ('source "X1" is not',)),
    ("link to nowhere", HOLD, '[[link]]\nsource = "S1"', '[[link]]\nsource = "S2"', ('source "S2" has no url',)),
    ("disagreement unknown", HOLD, 'id = "hold-threshold"', 'id = "x"', (f"{HOLD}:", "not in disagreements.toml")),
    ("disagreement of nobody", DIFFER, 'sources = ["S2", "ACT"]', "sources = []", ("sources is empty; name",)),
    ("disagreement with a stranger", DIFFER, '["S2", "ACT"]', '["S2", "X1"]', ('source "X1" is not in sources.toml',)),
    ("disagreement without words", DIFFER, 'about = "the dose of a rechallenge"', 'about = ""', ("about is empty",)),
    ("disagreement's id", DIFFER, "[frequency]", "[Frequency]", ('"Frequency" is no id',)),
    ("disagreement with HTML", DIFFER, '"The label asks', '"<b>The</b> label asks', ("HTML is not allowed",)),
    ("disagreement with a brace", DIFFER, '"The label asks', '"The {anc} label asks', ("takes no placeholders",)),
    ("source without a reviewer", "sources.toml", '"a rheumatologist"', '""', ("[S1] to_check is empty",)),
    ("row twice", HOLD, 'id = "PV9"', 'id = "PV10"', ("row PV10 stands in hold-anakinra.toml",)),
    ("row in two cards", HOLD, 'id = "PV9"', 'id = "PV8"', ("review-anakinra.toml", "row PV8", "remove one")),
    ("source entry missing", "sources.toml", 'short = "Perrin 2014"\n', "", ("[S1] missing entry `short`",)),
    ("source unnamed", "sources.toml", '"Perrin 2014"', '""', ("[S1] short is empty",)),
    ("source id", "sources.toml", "[S1]", "[perrin]", ('"perrin" is no source id',)),
    ("source not https", "sources.toml", "https://doi.org/10.1016", "http://doi.org/10.1016", ("[S1] url", "https")),
    ("brief level with HTML", "sources.toml", '"pending human review"', '"<i>new</i>"', ("[S2] HTML is not allowed",)),
    ("source with HTML", "sources.toml", '"Perrin 2014"', '"<i>Perrin</i>"', ("[S1] HTML is not allowed",)),
    ("override without display", "overrides.toml", '"Specialist decision"', '""', ("without code, display",)),
    ("override twice", "overrides.toml", '"other"', '"mas-therapy"', ('"mas-therapy" stands twice',)),
    ("override with HTML", "overrides.toml", '"Other reason"', '"<br>"', ("HTML is not allowed",)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "says"), [bad[1:] for bad in BAD_EDITS], ids=[b[0] for b in BAD_EDITS])
def test_bad_edit_is_refused_by_name(
    copy: Path, edit: Edit, name: str, old: str, new: str, says: tuple[str, ...]
) -> None:
    edit(name, old, new)
    with pytest.raises(ContentError) as caught:
        load_library(copy)
    message = caught.value.message
    assert message.startswith("cards/")
    assert "\n" not in message
    for words in says:
        assert words in message


def test_card_without_rows_is_refused(copy: Path) -> None:
    path = copy / "duffy-null.toml"
    head, _, _ = path.read_text(encoding="utf-8").partition("[[row]]")
    path.write_text(head + "row = []\n", encoding="utf-8")
    with pytest.raises(ContentError, match=r"cards/duffy-null\.toml: no \[\[row\]\]"):
        load_library(copy)


def test_file_that_is_no_text_is_refused(copy: Path) -> None:
    (copy / HOLD).write_bytes(b'code = "\xff"')
    with pytest.raises(ContentError, match=r"cards/hold-anakinra\.toml: not UTF-8 text"):
        load_library(copy)


@pytest.mark.parametrize("name", ["sources.toml", "overrides.toml"])
def test_missing_file_is_refused(copy: Path, name: str) -> None:
    (copy / name).unlink()
    with pytest.raises(ContentError, match=f"cards/{name}: cannot be read .*restore"):
        load_library(copy)


def test_folder_without_cards_is_refused(copy: Path) -> None:
    for path in copy.glob("*.toml"):
        if path.name not in ("sources.toml", "overrides.toml", "disagreements.toml"):
            path.unlink()
    with pytest.raises(ContentError, match="no card files"):
        load_library(copy)
