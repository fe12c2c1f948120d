"""The FHIR base URL of a hook request: what is refused, and how the rest is put together again."""

import pytest

from cds_service.fhir.urls import PRODUCTION, SANDBOX, UrlRefused, UrlRules, check_base

REBUILT = (
    ("https://ehr.example.org/fhir", "https://ehr.example.org/fhir"),
    ("https://ehr.example.org/fhir/", "https://ehr.example.org/fhir"),
    ("HTTPS://EHR.Example.org:443/FHIR/R4", "https://ehr.example.org/FHIR/R4"),
    ("https://ehr.example.org:8443", "https://ehr.example.org:8443"),
    ("https://10.2.3.4/api/FHIR/R4", "https://10.2.3.4/api/FHIR/R4"),
    ("https://[2001:db8::5]/fhir", "https://[2001:db8::5]/fhir"),
    ("https://xn--bcher-kva.example/fhir", "https://xn--bcher-kva.example/fhir"),
    ("https://fhir_server/r4/1b2c-3d", "https://fhir_server/r4/1b2c-3d"),
)
REFUSED = (
    ("", "empty"),
    ("https://evil.com\\@ehr.example.org/fhir", "backslash"),
    ("https://ehr.example.org\\fhir", "backslash"),
    ("https://user:secret@ehr.example.org/fhir", "user name"),
    ("https://ehr.example.org@evil.com/fhir", "user name"),
    ("https://ehr%2eexample.org/fhir", "malformed host"),
    ("https://ehr.example.org%00.evil.com/fhir", "malformed host"),
    ("https://ehr.example.org/fhir\n", "white space"),
    ("https://ehr.example.org/f hir", "white space"),
    ("https://ehr.ex\tample.org/fhir", "white space"),
    ("https://ehr.example.org/fhir\x00", "control"),
    ("https://ehr\u3002example.org/fhir", "non-ASCII"),
    ("https://ehr.exam\u0440le.org/fhir", "non-ASCII"),
    ("https://ehr.example.org/fhir?x=1", "query"),
    ("https://ehr.example.org/fhir?", "query"),
    ("https://ehr.example.org/fhir#x", "fragment"),
    ("https://ehr.example.org/a/../admin", "dot segments"),
    ("https://ehr.example.org/a/%2E%2e/admin", "dot segments"),
    ("https://ehr.example.org/a/%252e%252e/admin", "dot segments"),
    ("https://ehr.example.org/a/..;x/admin", "dot segments"),
    ("https://ehr.example.org/a%2fb", "separators"),
    ("https://ehr.example.org/a<b", "path"),
    ("https:///fhir", "malformed host"),
    ("https://ehr.example.org:0/fhir", "port"),
    ("https://ehr.example.org:99999/fhir", "port"),
    ("https://ehr.example.org:8o/fhir", "malformed host or port"),
    ("https://ehr.example.org./fhir", "malformed host name"),
    ("https://-ehr.example.org/fhir", "malformed host name"),
    ("https://[::1", "not a URL"),
    ("https://[12345::]/fhir", "not a URL|numeric"),
    ("ehr.example.org/fhir", "https"),
    ("//ehr.example.org/fhir", "https"),
    ("ftp://ehr.example.org/fhir", "https"),
    ("file:///etc/passwd", "https"),
    ("javascript:alert(1)", "https"),
    ("https://169.254.169.254/fhir", "never contacted"),
    ("https://[::ffff:169.254.169.254]/fhir", "never contacted"),
    ("https://[fe80::1]/fhir", "never contacted"),
    ("https://0.0.0.0/fhir", "never contacted"),
    ("https://metadata.google.internal/fhir", "never contacted"),
    ("https://2852039166/fhir", "numeric"),
    ("https://0xa9fea9fe/fhir", "numeric"),
    ("https://0251.0376.0251.0376/fhir", "numeric"),
    ("https://169.254.43518/fhir", "numeric"),
    ("https://" + "a" * 9000, "longer"),
)


@pytest.mark.parametrize(("text", "rebuilt"), REBUILT)
@pytest.mark.parametrize("rules", [PRODUCTION, SANDBOX])
def test_a_sound_base_is_rebuilt_from_its_parts(text: str, rebuilt: str, rules: UrlRules) -> None:
    assert check_base(text, rules).url == rebuilt


@pytest.mark.parametrize(("text", "why"), REFUSED)
@pytest.mark.parametrize("rules", [PRODUCTION, SANDBOX])
def test_what_could_be_read_in_two_ways_is_refused(text: str, why: str, rules: UrlRules) -> None:
    with pytest.raises(UrlRefused, match=why) as refused:
        check_base(text, rules)
    assert "example" not in refused.value.reason


@pytest.mark.parametrize(
    "text",
    ["http://ehr.example.org/fhir", "http://localhost:8080/fhir", "http://127.0.0.1:1/", "https://localhost/fhir"],
)
def test_plain_http_and_loopback_in_sandbox_only(text: str) -> None:
    assert check_base(text, SANDBOX).url == text.rstrip("/")
    with pytest.raises(UrlRefused, match=r"production|sandbox"):
        check_base(text, PRODUCTION)


@pytest.mark.parametrize(
    "text", ["https://127.0.0.1/", "https://[::1]/", "https://fhir.localhost/", "https://[::ffff:7f00:1]/"]
)
def test_this_machine_itself_is_refused_in_production(text: str) -> None:
    with pytest.raises(UrlRefused, match="this machine"):
        check_base(text, PRODUCTION)
