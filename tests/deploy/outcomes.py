"""What nginx says itself, which is said as the service would."""

import requests


def outcome(answer: requests.Response) -> str:
    """What it says, in one line; every member of the answer is as the service's own errors have it."""
    assert answer.headers["Content-Type"] == "application/fhir+json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    said = answer.json()
    assert said["resourceType"] == "OperationOutcome"
    assert said["id"] == answer.headers["X-Correlation-Id"]
    (issue,) = said["issue"]
    assert issue["severity"] == "error"
    return str(issue["diagnostics"])
