"""Settings, from environment variables that begin with ``CDS_``. A wrong one is one line that names the variable."""

import re
import ssl
from functools import cached_property
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from msgspec import Meta

from cds_service.environment import FromEnvironment, Secret, field_validator

PREFIX = "CDS_"
_PROXY = re.compile(r"http://(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):[0-9]{1,5}/?")

# The two kinds of database that our statements are written for; the rest is told when it is opened.
_DATABASE_URL = re.compile(r"(?:sqlite|postgresql)(?:\+\w+)?://")

_REDIS_URL = re.compile(
    r"unix://|rediss?://(?:[^/?#\s]*@)?(?:\[[0-9A-Fa-f:.]+\]|[^/?#\s:@]*)(?::[0-9]{1,5})?(?:[/?]|$)"
)

PRODUCTION_RATE = 6000
"""Calls of one client in a minute: a large hospital at its busiest makes a few in a second, a loop makes more."""

SHORTEST_KEY = 32


class Settings(FromEnvironment):
    """One site's settings. Times in milliseconds, sizes in bytes.

    ``trace`` None means: on in sandbox mode, off in production (see ``tracing``). ``workbench_fhir``: the FHIR server
    that the workbench starts with; "" for none. ``database_url`` "" means: a SQLite file of this user
    (``cds_service.records.location``). ``retention_days`` 0 means: nothing is forgotten by itself. ``ca_bundle`` and
    ``https_proxy`` are for calls to FHIR servers; no variable of the environment but these is heeded there.
    ``rate_per_minute`` None means: no limit in sandbox mode, PRODUCTION_RATE in production; 0 is no limit.
    ``drain_ms``: how long a worker that is told to end takes calls as before (``web.gunicorn_hooks``).
    """

    prefix = PREFIX

    mode: Literal["sandbox", "production"] = "sandbox"
    profile: Literal["us", "eu"] = "us"
    deadline_ms: Annotated[int, Meta(ge=50, le=60_000)] = 1500
    time_zone: str = "UTC"
    trace: Literal["on", "off"] | None = None
    max_body_bytes: Annotated[int, Meta(ge=1024)] = 10 * 1024 * 1024
    sandbox_public: bool = False
    max_pages: Annotated[int, Meta(ge=1, le=1000)] = 20
    ca_bundle: str = ""
    https_proxy: str = ""
    max_response_bytes: Annotated[int, Meta(ge=1024)] = 20 * 1024 * 1024
    workbench_fhir: str = ""
    feedback: Literal["on", "off"] = "on"
    feedback_comments: Literal["on", "off"] = "off"
    database_url: str = ""
    rate_per_minute: Annotated[int, Meta(ge=0)] | None = None
    redis_url: str = ""
    log: Literal["text", "json"] = "text"
    metrics: Literal["on", "off"] = "off"
    metrics_token: str = ""
    clients: str = ""
    switches: str = ""
    workers: Annotated[int, Meta(ge=1)] | None = None
    instances: Annotated[int, Meta(ge=1)] = 1
    drain_ms: Annotated[int, Meta(ge=0, le=60_000)] = 3000
    audit: Literal["on", "off"] = "on"
    audit_key: Secret = Secret("")
    retention_days: Annotated[int, Meta(ge=0, le=36_500)] = 0

    @field_validator("time_zone")
    @classmethod
    def _known_time_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, OSError, ValueError) as error:
            raise ValueError("use a time zone name such as Europe/Paris") from error
        return name

    @field_validator("workbench_fhir")
    @classmethod
    def _http_url(cls, url: str) -> str:
        if url and not re.fullmatch(r"https?://[^\s/]\S*", url):
            raise ValueError("use a URL such as http://127.0.0.1:8080/fhir")
        return url

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, url: str) -> str:
        if url and not _DATABASE_URL.match(url):
            raise ValueError("use a URL such as sqlite:////var/lib/anakinra-cds/feedback.sqlite3")
        return url

    @field_validator("ca_bundle")
    @classmethod
    def _readable_certificates(cls, path: str) -> str:
        try:
            if path:
                ssl.create_default_context(cafile=path)
        except OSError as error:  # an SSLError is one
            raise ValueError("name a file that can be read and holds certificates in PEM form") from error
        return path

    @field_validator("https_proxy")
    @classmethod
    def _plain_proxy(cls, url: str) -> str:
        if url and not _PROXY.fullmatch(url):
            raise ValueError("use http://host:port, without a user name")
        return url

    @field_validator("redis_url")
    @classmethod
    def _known_redis(cls, url: str) -> str:
        if url and not _REDIS_URL.match(url):
            raise ValueError("use a URL such as redis://127.0.0.1:6379/0")
        return url

    @field_validator("audit_key")
    @classmethod
    def _long_enough(cls, key: Secret) -> Secret:
        if 0 < len(key.get_secret_value()) < SHORTEST_KEY:
            raise ValueError(f"use at least {SHORTEST_KEY} characters, such as `openssl rand -hex 32` prints")
        return key

    @property
    def calls_per_minute(self) -> int:
        """Of one caller; 0 for no limit."""
        default = 0 if self.sandbox else PRODUCTION_RATE
        return default if self.rate_per_minute is None else self.rate_per_minute

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
    return Settings(**given)
