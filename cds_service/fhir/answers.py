"""What an HTTP answer must be before it is read as FHIR. Pure: status, headers and body in, the JSON bytes out.

The body decides, not the Content-Type: static servers and proxies send FHIR JSON as ``text/plain``. An HTML page is
named as such, since a login page or a proxy's error page is the commonest one.
"""

from collections.abc import Mapping

from cds_service.fhir.failures import HttpStatus, NotFhir, TooLarge

_UTF8_BOM = b"\xef\xbb\xbf"
_UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")
_GZIP = b"\x1f\x8b"
_COMPRESSED = "compressed, which was not asked for"
_JSON_SPACE = b" \t\r\n"


def check_head(status: int, headers: Mapping[str, str], max_bytes: int) -> None:
    """Raise for a status other than 200, a compressed body (none was asked for), and a body declared too large."""
    if status != 200:
        raise HttpStatus(status)
    if headers.get("Content-Encoding", "identity").strip().lower() not in {"", "identity"}:
        raise NotFhir(_COMPRESSED)
    declared = headers.get("Content-Length", "").strip()
    if declared.isdecimal() and int(declared) > max_bytes:
        raise TooLarge(max_bytes)


def json_body(body: bytes) -> bytes:
    """The JSON text of a body; raises ``NotFhir`` for what is none at first sight.

    A UTF-8 byte order mark is dropped, as RFC 8259 section 8.1 allows a reader to; other encodings are refused by the
    same section. https://www.rfc-editor.org/rfc/rfc8259#section-8.1
    """
    if body.startswith(_GZIP):
        raise NotFhir(_COMPRESSED)
    if body.startswith(_UTF16_BOMS) or b"\0" in body[:4]:
        raise NotFhir("UTF-16 or UTF-32 text")
    text = body.removeprefix(_UTF8_BOM).strip(_JSON_SPACE)
    if not text:
        raise NotFhir("an empty body")
    if text.startswith(b"<"):
        raise NotFhir("HTML or XML")
    if not text.startswith(b"{"):
        raise NotFhir("no JSON object")
    try:
        text.decode()
    except UnicodeDecodeError:
        raise NotFhir("not UTF-8") from None
    return text
