"""Settings out of environment variables: each typed, checked, and named where it is wrong.

msgspec, which reads the calls, reads the values too. pydantic-settings took a fifth of the time to the first answer and
12 MiB of each worker (docs/performance.md).
"""

import os
from collections.abc import Callable, Iterator, Mapping
from typing import (
    Any,
    ClassVar,
    Literal,
    NamedTuple,
    TypeVar,
    dataclass_transform,
    get_args,
    get_origin,
    get_type_hints,
)

import msgspec

from cds_service.errors import SettingsError

_VALIDATES = "_validates"

Method = TypeVar("Method", bound=Callable[..., Any])


class Secret:
    """A text that no repr, log line or error shows."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def get_secret_value(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return "Secret(...)"


class _Field(NamedTuple):
    """One setting: its name, variable, type, default, and what else it must hold."""

    name: str
    variable: str
    type: Any
    default: Any
    validator: Callable[[Any], Any] | None


def field_validator(name: str) -> Callable[[Method], Method]:
    """Marks a class method that answers the value to keep of the setting ``name``; its ValueError says the fix."""

    def mark(method: Method) -> Method:
        setattr(getattr(method, "__func__"), _VALIDATES, name)  # noqa: B009 - a class method has one
        return method

    return mark


@dataclass_transform(kw_only_default=True, frozen_default=True)
class FromEnvironment:
    """A frozen object of the settings that a subclass annotates; what is given wins over the environment.

    A setting is of a type that msgspec reads from a text (int, with bounds as ``msgspec.Meta``; bool; Literal; str) or
    a Secret. Raises SettingsError with one line for all that is wrong, by variable and without values.
    """

    prefix: ClassVar[str] = ""
    _fields: ClassVar[tuple[_Field, ...]] = ()

    def __init_subclass__(cls) -> None:
        cls._fields = tuple(_fields_of(cls))

    def __init__(self, **given: Any) -> None:
        if unknown := given.keys() - {field.name for field in self._fields}:
            raise TypeError(f"there are no settings {', '.join(sorted(unknown))}")
        faults = []
        for field in self._fields:
            try:
                self.__dict__[field.name] = _value(field, given, os.environ)
            except ValueError as error:
                faults.append(f"{field.variable}: {error}")
        if faults:
            raise SettingsError("; ".join(faults))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{name} is a setting: it cannot be changed")

    def __repr__(self) -> str:
        return f"{type(self).__name__}(...)"

    @classmethod
    def variables(cls) -> tuple[str, ...]:
        """The variable of each setting."""
        return tuple(field.variable for field in cls._fields)


def _fields_of(kind: type[FromEnvironment]) -> Iterator[_Field]:
    validators = {
        getattr(each.__func__, _VALIDATES): getattr(kind, name)
        for name, each in vars(kind).items()
        if isinstance(each, classmethod) and hasattr(each.__func__, _VALIDATES)
    }
    for name, annotation in get_type_hints(kind, include_extras=True).items():
        if get_origin(annotation) is not ClassVar:
            yield _Field(name, kind.prefix + name.upper(), annotation, getattr(kind, name), validators.get(name))


def _value(field: _Field, given: Mapping[str, Any], environment: Mapping[str, str]) -> Any:
    """Raises ValueError with what the setting should be."""
    if field.name in given:
        value = given[field.name]
    elif field.variable in environment:
        value = environment[field.variable].strip()
    else:
        return field.default
    value = _typed(field.type, value)
    return field.validator(value) if field.validator else value


def _typed(kind: Any, value: Any) -> Any:
    if kind is Secret:
        return value if isinstance(value, Secret) else Secret(value)
    try:
        return msgspec.convert(value, kind, strict=False)
    except msgspec.ValidationError as error:
        raise ValueError(_told(kind, str(error))) from None


def _told(kind: Any, problem: str) -> str:
    """The fix; msgspec quotes a word that is not on the list, and of a number only what it should be."""
    if words := _words(kind):
        return f"use {' or '.join(words)}"
    expected = problem.partition(", got")[0].removeprefix("Expected ").replace(" | null`", "`")
    return f"use {expected.replace('`int`', 'a whole number').replace('`bool`', 'true or false')}"


def _words(kind: Any) -> list[str]:
    """The words of ``Literal["red", "green"] | None``; [] for another type."""
    kinds = (kind, *get_args(kind))
    return [word for each in kinds if get_origin(each) is Literal for word in get_args(each)]
