"""Keyed hashes: the same patient can be found again by whoever holds the key, and named by nobody.

HMAC-SHA256 (https://www.rfc-editor.org/rfc/rfc2104). A bare hash of an id is no secret: all ids can be tried.
"""

import hmac
import logging
import secrets

from cds_service.errors import SettingsError
from cds_service.settings import Settings

log = logging.getLogger("cds_service.audit")

NO_KEY = "CDS_AUDIT_KEY is not set: production needs it, at least 32 characters, such as `openssl rand -hex 32` prints."
_PASSING = (
    "CDS_AUDIT_KEY is not set: the audit is keyed by a random key that ends with this process, "
    "and no hook call or patient can be looked up by its id"
)
_HEX_DIGITS_OF_ID = 8

PATIENT, USER, HOOK_INSTANCE, RESOURCE = "patient", "user", "hookInstance", "resource"
"""What is hashed: the same text of another kind is another hash."""


class Keyed:
    """Hashes by one key. ``id`` tells keys apart and does not tell the key; ``passing``: it ends with the process."""

    def __init__(self, key: str = "") -> None:
        self.passing = not key
        self._key = key.encode() or secrets.token_bytes(32)
        self.id = self._digest("key")[:_HEX_DIGITS_OF_ID]

    @classmethod
    def of(cls, settings: Settings) -> "Keyed":
        """By ``CDS_AUDIT_KEY``, or by a random key in a sandbox. Raises SettingsError in production without one."""
        key = settings.audit_key.get_secret_value()
        if not key and not settings.sandbox:
            raise SettingsError(NO_KEY)
        return cls(key)

    def warn(self) -> None:
        """One line in the log where the key will not outlive the process."""
        if self.passing:
            log.warning(_PASSING)

    def hash(self, kind: str, client: str, text: str) -> str:
        """64 hexadecimal digits. An id is one client's: two hospitals may have a patient "1" each."""
        return self._digest(f"{kind}\0{client}\0{text}")

    def _digest(self, text: str) -> str:
        # A surrogate may stand alone in what JSON carries.
        return hmac.digest(self._key, text.encode("utf-8", "surrogatepass"), "sha256").hex()
