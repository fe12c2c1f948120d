"""Settings out of environment variables: where each comes from, and what is refused."""

from typing import Annotated, Literal

import pytest
from msgspec import Meta

from cds_service.environment import FromEnvironment, Secret, field_validator
from cds_service.errors import SettingsError


class Harbour(FromEnvironment):
    prefix = "HARBOUR_"

    name: str = "Brest"
    berths: Annotated[int, Meta(ge=1, le=9)] = 4
    depth: Annotated[int, Meta(ge=0)] | None = None
    open: bool = True
    light: Literal["red", "green"] | None = None
    code: Secret = Secret("")

    @field_validator("name")
    @classmethod
    def _short(cls, name: str) -> str:
        if len(name) > 8:
            raise ValueError("use a shorter name")
        return name.title()


def test_defaults():
    harbour = Harbour()

    assert (harbour.name, harbour.berths, harbour.depth, harbour.open, harbour.light) == ("Brest", 4, None, True, None)


def test_what_is_given_wins_over_the_environment_and_that_over_the_default(monkeypatch):
    monkeypatch.setenv("HARBOUR_BERTHS", " 7 ")
    monkeypatch.setenv("HARBOUR_NAME", "toulon")

    harbour = Harbour(berths=2)

    assert (harbour.berths, harbour.name) == (2, "Toulon")
    assert Harbour(depth=None, light="red").light == "red"


@pytest.mark.parametrize(("word", "means"), [("1", True), ("True", True), ("0", False), ("FALSE", False)])
def test_true_and_false(monkeypatch, word, means):
    monkeypatch.setenv("HARBOUR_OPEN", word)

    assert Harbour().open is means


@pytest.mark.parametrize(
    ("variable", "value", "told"),
    [
        ("BERTHS", "many", "HARBOUR_BERTHS: use a whole number"),
        ("BERTHS", "2.5", "HARBOUR_BERTHS: use a whole number"),
        ("BERTHS", "0", "HARBOUR_BERTHS: use a whole number >= 1"),
        ("BERTHS", "10", "HARBOUR_BERTHS: use a whole number <= 9"),
        ("DEPTH", "", "HARBOUR_DEPTH: use a whole number"),
        ("OPEN", "perhaps", "HARBOUR_OPEN: use true or false"),
        ("LIGHT", "", "HARBOUR_LIGHT: use red or green"),
        ("NAME", "Saint-Nazaire", "HARBOUR_NAME: use a shorter name"),
    ],
)
def test_a_wrong_one_is_named_by_its_variable_and_not_quoted(monkeypatch, variable, value, told):
    monkeypatch.setenv(f"HARBOUR_{variable}", value)

    with pytest.raises(SettingsError) as refusal:
        Harbour()

    assert str(refusal.value).startswith(told)


def test_all_that_is_wrong_is_told_at_once():
    with pytest.raises(SettingsError, match=r"HARBOUR_BERTHS: .*; HARBOUR_LIGHT: "):
        Harbour(berths=0, light="blue")  # type: ignore[arg-type]


def test_a_setting_that_does_not_exist_is_a_fault_of_the_program():
    with pytest.raises(TypeError, match="there are no settings lights"):
        Harbour(lights="red")  # type: ignore[call-arg]


def test_the_variables_are_named():
    assert Harbour.variables()[:2] == ("HARBOUR_NAME", "HARBOUR_BERTHS")


def test_settings_cannot_be_changed():
    with pytest.raises(AttributeError, match="berths is a setting"):
        Harbour().berths = 5  # type: ignore[misc]


def test_no_value_and_no_secret_is_shown(monkeypatch):
    monkeypatch.setenv("HARBOUR_CODE", "hunter2")

    harbour = Harbour(name="Quiet")

    assert harbour.code.get_secret_value() == "hunter2"
    assert "hunter2" not in f"{harbour!r} {harbour.code!r} {harbour.code} {vars(harbour)}"
    assert "Quiet" not in repr(harbour)
