"""Settings, from environment variables that begin with ``CDS_``. A wrong one is one line that names the variable."""

import re
from functools import cached_property
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from cds_service.errors import SettingsError

PREFIX = "CDS_"

# The two kinds of database that our statements are written for; the rest is told when it is opened.
_DATABASE_URL = re.compile(r"(?:sqlite|postgresql)(?:\+\w+)?://")

SHORTEST_KEY = 32

NO_PRODUCTION_YET = (
    "CDS_MODE=production cannot start: it needs configured clients, and this version cannot configure any yet. "
    "Until then use CDS_MODE=sandbox, on loopback and with fictitious patients only."
)


class Settings(BaseSettings):
    """One site's settings. Times in milliseconds, sizes in bytes.

    ``trace`` None means: on in sandbox mode, off in production (see ``tracing``). ``database_url`` "" means: a SQLite
    file of this user (``cds_service.records.location``). ``retention_days`` 0 means: nothing is forgotten by itself.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, extra="ignore", ignored_types=(cached_property,), hide_input_in_errors=True
    )

    mode: Literal["sandbox", "production"] = "sandbox"
    profile: Literal["us", "eu"] = "us"
    deadline_ms: int = Field(default=1500, ge=50, le=60_000)
    time_zone: str = "UTC"
    trace: Literal["on", "off"] | None = None
    max_body_bytes: int = Field(default=10 * 1024 * 1024, ge=1024)
    sandbox_public: bool = False
    max_pages: int = Field(default=20, ge=1, le=1000)
    max_response_bytes: int = Field(default=20 * 1024 * 1024, ge=1024)
    feedback: Literal["on", "off"] = "on"
    feedback_comments: Literal["on", "off"] = "off"
    database_url: str = ""
    audit: Literal["on", "off"] = "on"
    audit_key: SecretStr = SecretStr("")
    retention_days: int = Field(default=0, ge=0, le=36_500)

    @field_validator("time_zone")
    @classmethod
    def _known_time_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, OSError, ValueError) as error:
            raise ValueError("use a time zone name such as Europe/Paris") from error
        return name

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, url: str) -> str:
        if url and not _DATABASE_URL.match(url):
            raise ValueError("use a URL such as sqlite:////var/lib/anakinra-cds/feedback.sqlite3")
        return url

    @field_validator("audit_key")
    @classmethod
    def _long_enough(cls, key: SecretStr) -> SecretStr:
        if 0 < len(key.get_secret_value()) < SHORTEST_KEY:
            raise ValueError(f"use at least {SHORTEST_KEY} characters, such as `openssl rand -hex 32` prints")
        return key

    @property
    def sandbox(self) -> bool:
        return self.mode == "sandbox"

    @cached_property
    def loopback_only(self) -> bool:
        """A sandbox answers its own machine only, unless its owner opens it."""
        return self.sandbox and not self.sandbox_public

    @property
    def tracing(self) -> bool:
        return self.sandbox if self.trace is None else self.trace == "on"

    @cached_property
    def zone(self) -> ZoneInfo:
        """The time zone in which a date without a time begins."""
        return ZoneInfo(self.time_zone)


def load(**given: Any) -> Settings:
    """The settings of this process; ``given`` wins over the environment.

    Raises SettingsError with one line for all wrong settings, each with its variable.
    """
    try:
        return Settings(**given)
    except ValidationError as error:
        raise SettingsError("; ".join(_plain(each) for each in error.errors(include_url=False))) from None


def require_startable(settings: Settings) -> None:
    """Refuse the modes that this version cannot run safely. Raises SettingsError."""
    if settings.mode == "production":
        raise SettingsError(NO_PRODUCTION_YET)


def _plain(error: Any) -> str:
    """ "CDS_PROFILE: input should be 'us' or 'eu'" out of one pydantic error; the value itself is left out."""
    name = PREFIX + "_".join(str(part) for part in error["loc"]).upper()
    text = str(error["msg"]).removeprefix("Value error, ")
    return f"{name}: {text[:1].lower()}{text[1:]}"
