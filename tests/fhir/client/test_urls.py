"""The FHIR base URL of a hook request: what is refused, and how the rest is put together again."""

import pytest

from cds_service.fhir.urls import PRODUCTION, SANDBOX, UrlRefused, UrlRules, check_base

REBUILT = (
    ("https://ehr.example.org/fhir", "https://ehr.example.org/fhir"),
    ("https://ehr.example.org/fhir/", "https://ehr.example.org/fhir"),
    ("HTTPS://EHR.Example.org:443/FHIR/R4", "https://ehr.example.org/FHIR/R4"),
    ("https://ehr.example.org:8443", "https://ehr.example.org:8443"),
    ("https://93.184.216.34/api/FHIR/R4", "https://93.184.216.34/api/FHIR/R4"),
    ("https://[2606::5]/fhir", "https://[2606::5]/fhir"),
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


HOSPITAL = PRODUCTION.limited_to(
    ["https://ehr.example.org/fhir/r4", "https://cloud.example.org:8443", "https://10.1.2.3/fhir"], ["10.1.0.0/16"]
)


@pytest.mark.parametrize(
    "text",
    [
        "https://ehr.example.org/fhir/r4",
        "https://EHR.example.org:443/fhir/r4/",
        "https://ehr.example.org/fhir/r4/tenant-7",
        "https://cloud.example.org:8443",
        "https://cloud.example.org:8443/any/path",
        "https://10.1.2.3/fhir",
    ],
)
def test_a_client_may_name_its_own_servers_and_what_lies_below_them(text: str) -> None:
    assert check_base(text, HOSPITAL)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("https://evil.example.org/fhir/r4", "fhir_servers"),
        ("https://ehr.example.org/fhir/r4evil", "fhir_servers"),
        ("https://ehr.example.org/fhir", "fhir_servers"),
        ("https://ehr.example.org", "fhir_servers"),
        ("https://ehr.example.org/FHIR/R4", "fhir_servers"),
        ("https://ehr.example.org:8443/fhir/r4", "fhir_servers"),
        ("https://ehr.example.org.evil.com/fhir/r4", "fhir_servers"),
        ("https://cloud.example.org", "fhir_servers"),
        ("https://10.1.2.4/fhir", "fhir_servers"),
        ("https://10.2.2.3/fhir", "allowed_networks"),
        ("https://93.184.216.34/fhir", "allowed_networks"),
        ("http://ehr.example.org/fhir/r4", "not https"),
        ("https://127.0.0.1/fhir", "this machine"),
    ],
)
def test_a_client_may_name_no_other(text: str, why: str) -> None:
    with pytest.raises(UrlRefused, match=why):
        check_base(text, HOSPITAL)


def test_an_empty_list_allows_no_server() -> None:
    with pytest.raises(UrlRefused, match="fhir_servers"):
        check_base("https://ehr.example.org/fhir", PRODUCTION.limited_to([]))


def test_a_private_address_must_be_listed_in_production() -> None:
    with pytest.raises(UrlRefused, match="private address, and the client has no allowed_networks"):
        check_base("https://10.2.3.4/fhir", PRODUCTION)
    assert check_base("https://10.2.3.4/fhir", SANDBOX).host == "10.2.3.4"


def test_a_list_is_checked_by_the_rules_of_its_mode() -> None:
    with pytest.raises(UrlRefused, match="not https"):
        PRODUCTION.limited_to(["http://ehr.example.org/fhir"])
    with pytest.raises(UrlRefused, match="allowed_networks"):
        PRODUCTION.limited_to(["https://10.9.9.9/fhir"], ["10.1.0.0/16"])
    with pytest.raises(ValueError, match="host bits"):
        PRODUCTION.limited_to(["https://ehr.example.org/fhir"], ["10.1.2.3/16"])
