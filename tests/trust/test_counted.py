"""Whoever calls is counted by the name that the site gave it, and limited apart from the others."""

import time_machine

from tests.trust.ehr import HOSPITAL, PATH, token_for

OTHER = "https://other.example.org/issuer"
DISCOVERY = "/cds-services"


def test_a_refused_token_and_an_admitted_client_are_counted(service_for):
    service = service_for({}, metrics="on")

    service.get(DISCOVERY)
    service.post(PATH, json={}, headers=token_for(PATH))

    metrics = service.get("/metrics").get_data(as_text=True)
    assert 'cds_calls_total{client="-",service="-",status="401"} 1.0' in metrics
    assert 'cds_calls_total{client="hospital",service="anakinra-neutropenia-view",status="400"} 1.0' in metrics
    assert HOSPITAL["issuer"] not in metrics


def test_the_metrics_ask_for_their_own_token(service_for):
    service = service_for({}, metrics="on", metrics_token="m" * 32)

    assert service.get("/metrics", headers=token_for("/metrics")).status_code == 403
    assert service.get("/metrics", headers={"Authorization": "Bearer " + "m" * 32}).status_code == 200


def test_a_client_over_its_limit_does_not_take_from_another(service_for):
    service = service_for({}, {"name": "other", "issuer": OTHER}, rate_per_minute=2)
    mine, theirs = {}, {"iss": OTHER}

    with time_machine.travel("2026-11-27T12:00:10Z", tick=False):  # or a new minute may begin between two calls
        statuses = [
            service.get(DISCOVERY, headers=token_for(DISCOVERY, **who)).status_code for who in [mine] * 3 + [theirs]
        ]

    assert statuses == [200, 200, 429, 200]
