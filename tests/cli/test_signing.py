"""``--sign-key``: what fire, conform and validate send to a service that wants a token for each call."""

import json
from pathlib import Path
from typing import Any

import jwt
import pytest
from jwt.algorithms import ECAlgorithm

from cds_service.cli.main import run
from cds_service.trust.sign import new_key, pem_of, public_jwk
from tests.stub_server import StubServer

KEY = new_key()
ISSUER = "https://ehr.example.org"
PUBLIC = "https://cds.example.org/base"
VIEW = "/cds-services/neutrophils-patient-view"
Captured = pytest.CaptureFixture[str]


@pytest.fixture
def key(tmp_path: Path) -> str:
    (tmp_path / "key.pem").write_bytes(pem_of(KEY))
    return str(tmp_path / "key.pem")


def sent(service: StubServer) -> list[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Path, header and claims of each call; every signature holds."""
    found = []
    for each in service.asked:
        token = each.headers["Authorization"].removeprefix("Bearer ")
        claims = jwt.decode(token, KEY.public_key(), ["ES384"], options={"verify_aud": False})
        found.append((each.path, jwt.get_unverified_header(token), claims))
    return found


def fired(service: StubServer, fhir: StubServer, *more: str) -> int:
    options = ["--service", service.url, "--fhir", fhir.url, "--patient", "p1", *more]
    return run(["fire", "patient-view", *options])


def test_each_call_has_a_token_of_its_own_for_its_address(service: StubServer, fhir: StubServer, key: str) -> None:
    assert fired(service, fhir, "--sign-key", key, "--issuer", ISSUER) == 0

    calls = sent(service)
    assert [claims["aud"] for _, _, claims in calls] == [f"{service.url}/cds-services", f"{service.url}{VIEW}"]
    assert len({claims["jti"] for _, _, claims in calls}) == 2
    assert {(claims["iss"], claims["exp"] - claims["iat"]) for _, _, claims in calls} == {(ISSUER, 300)}
    (header,) = {tuple(header.items()) for _, header, _ in calls}
    assert dict(header) == {"alg": "ES384", "kid": public_jwk(KEY)["kid"], "typ": "JWT"}
    assert all("Authorization" not in each.headers for each in fhir.asked)


def test_what_else_a_service_may_want(service: StubServer, fhir: StubServer, key: str) -> None:
    more = ["--kid", "k7", "--tenant", "childrens", "--jku", f"{ISSUER}/jwks.json", "--audience-base", f"{PUBLIC}/"]
    assert fired(service, fhir, "--sign-key", key, "--issuer", ISSUER, *more) == 0

    _, header, claims = sent(service)[1]
    assert (header["kid"], header["jku"]) == ("k7", f"{ISSUER}/jwks.json")
    assert (claims["tenant"], claims["aud"]) == ("childrens", PUBLIC + VIEW)


def test_a_key_as_jwk_keeps_its_kid(service: StubServer, fhir: StubServer, tmp_path: Path) -> None:
    file = tmp_path / "key.json"
    file.write_text(json.dumps(json.loads(ECAlgorithm.to_jwk(KEY)) | {"kid": "2026-11"}))

    assert fired(service, fhir, "--sign-key", str(file), "--issuer", ISSUER) == 0
    assert sent(service)[0][1]["kid"] == "2026-11"


def test_prefetch_only_names_no_fhir_server(service: StubServer, fhir: StubServer) -> None:
    assert fired(service, fhir, "--prefetch-only", "--token", "secret") == 0

    (body,) = service.posted()
    assert not {"fhirServer", "fhirAuthorization"} & body.keys()


def test_validate_signs_the_one_call(service: StubServer, key: str) -> None:
    options = ["--sign-key", key, "--issuer", ISSUER, "--audience-base", PUBLIC]
    assert run(["validate", f"{service.url}/cds-services", *options]) == 0

    ((path, _, claims),) = sent(service)
    assert (path, claims["aud"]) == ("/cds-services", f"{PUBLIC}/cds-services")


def test_conform_signs_and_writes_no_token_into_its_report(
    service: StubServer, key: str, tmp_path: Path, capsys: Captured
) -> None:
    report = tmp_path / "run.json"
    options = ["--sign-key", key, "--issuer", ISSUER, "--calls", "1", "--patients", "1", "--skip", "malformed"]
    run(["conform", service.url, *options, "--report", str(report)])

    text = report.read_text()
    assert json.loads(text)["target"]["token"] == "signed"
    assert "eyJ" not in text
    assert "eyJ" not in "".join(capsys.readouterr())


WRONG = [
    (["--issuer", ISSUER], "--issuer is for tokens that are signed here: add --sign-key FILE."),
    (["--audience-base", PUBLIC], "--audience-base is for tokens that are signed here"),
    (["--sign-key", "KEY"], "Tokens are from somebody: add --issuer, as the service knows it."),
    (["--sign-key", "no.pem", "--issuer", ISSUER], "Cannot read no.pem (No such file or directory): cds-service token"),
    (["--sign-key", "KEY", "--issuer", ISSUER, "--audience-base", "cds"], "--audience-base must be a URL such as"),
]


@pytest.mark.parametrize(("options", "told"), WRONG)
@pytest.mark.parametrize("command", ["fire", "conform", "validate"])
def test_what_signs_nothing(
    service: StubServer, fhir: StubServer, key: str, capsys: Captured, command: str, options: list[str], told: str
) -> None:
    asked = [key if each == "KEY" else each for each in options]
    start = {
        "fire": ["fire", "patient-view", "--service", service.url, "--fhir", fhir.url, "--patient", "p1"],
        "conform": ["conform", service.url],
        "validate": ["validate", f"{service.url}/cds-services"],
    }[command]

    assert run([*start, *asked]) == 2
    said = capsys.readouterr().err
    assert told in said
    assert said.count("\n") == 1
    assert service.asked == []
