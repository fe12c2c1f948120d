"""Settings out of environment variables: each typed, checked, and named where it is wrong.

The part of pydantic-settings that is used here, in its words. That library took a fifth of the time to the first answer
and 12 MiB of each worker (docs/performance.md).
"""

import os
from collections.abc import Callable, Iterator, Mapping
from types import NoneType
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

from cds_service.errors import SettingsError

_TRUE, _FALSE = frozenset({"1", "true", "yes", "on", "t", "y"}), frozenset({"0", "false", "no", "off", "f", "n"})
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


class _Default(NamedTuple):
    value: Any
    ge: int | None
    le: int | None


class _Field(NamedTuple):
    """One setting: its name, variable, type, default, and what else it must hold."""

    name: str
    variable: str
    type: Any
    default: _Default
    validator: Callable[[Any], Any] | None


def Field(default: Any, *, ge: int | None = None, le: int | None = None) -> Any:  # noqa: N802 - as pydantic has it
    """The default of a whole number, and its bounds, both included."""
    return _Default(default, ge, le)


def field_validator(name: str) -> Callable[[Method], Method]:
    """Marks a class method that answers the value to keep of the setting ``name``; its ValueError says the fix."""

    def mark(method: Method) -> Method:
        setattr(getattr(method, "__func__"), _VALIDATES, name)  # noqa: B009 - a class method has one
        return method

    return mark


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(Field,))
class FromEnvironment:
    """A frozen object of the settings that a subclass annotates; what is given wins over the environment.

    A setting is a str, int, bool, Secret or Literal of strings, or None. Raises SettingsError with one line for all
    wrong settings, each with its variable and never with its value.
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

    @classmethod
    def variables(cls) -> tuple[str, ...]:
        """The names of all its variables."""
        return tuple(field.variable for field in cls._fields)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{name} is a setting: it cannot be changed")

    def __repr__(self) -> str:
        return f"{type(self).__name__}(...)"


def _fields_of(kind: type[FromEnvironment]) -> Iterator[_Field]:
    validators = {
        getattr(each.__func__, _VALIDATES): getattr(kind, name)
        for name, each in vars(kind).items()
        if isinstance(each, classmethod) and hasattr(each.__func__, _VALIDATES)
    }
    for name, annotation in get_type_hints(kind).items():
        if get_origin(annotation) is not ClassVar:
            given = getattr(kind, name)
            default = given if isinstance(given, _Default) else _Default(given, None, None)
            yield _Field(name, kind.prefix + name.upper(), annotation, default, validators.get(name))


def _value(field: _Field, given: Mapping[str, Any], environment: Mapping[str, str]) -> Any:
    """Raises ValueError with what the setting should be."""
    if field.name in given:
        value = given[field.name]
    elif field.variable in environment:
        value = environment[field.variable]
    else:
        return field.default.value
    value = _typed(field, value)
    return field.validator(value) if field.validator else value


def _typed(field: _Field, value: Any) -> Any:
    """``value`` as the setting's type; of ``int | None``, as an int unless it is None."""
    optional = NoneType in get_args(field.type)
    if optional and value is None:
        return None
    kind = get_args(field.type)[0] if optional else field.type
    if get_origin(kind) is Literal:
        return _one_of(get_args(kind), value)
    if kind is int:
        return _whole(field.default, value)
    if kind is bool:
        return _yes_or_no(value)
    return value if isinstance(value, kind) else kind(value)


def _one_of(values: tuple[str, ...], value: Any) -> str:
    if value not in values:
        raise ValueError("input should be " + " or ".join(f"'{each}'" for each in values))
    return str(value)


def _whole(bounds: _Default, value: Any) -> int:
    try:
        number = int(value)
    except (TypeError, ValueError):
        raise ValueError("input should be a valid integer") from None
    if bounds.ge is not None and number < bounds.ge:
        raise ValueError(f"input should be greater than or equal to {bounds.ge}")
    if bounds.le is not None and number > bounds.le:
        raise ValueError(f"input should be less than or equal to {bounds.le}")
    return number


def _yes_or_no(value: Any) -> bool:
    word = str(value).strip().lower()
    if word not in _TRUE | _FALSE:
        raise ValueError("input should be a valid boolean, such as 1 or 0")
    return word in _TRUE
