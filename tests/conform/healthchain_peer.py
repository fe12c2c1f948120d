"""A service as HealthChain 0.16.1 (PyPI) makes it, used as its documentation shows. Runs in its own environment.

Its summary has 140 characters, one too many, which HealthChain takes.
"""

from healthchain.gateway import CDSHooksService, HealthChainAPI
from healthchain.models.requests.cdsrequest import CDSRequest
from healthchain.models.responses.cdsresponse import Card, CDSResponse, IndicatorEnum, Source

cds = CDSHooksService()


def _card(summary: str) -> CDSResponse:
    return CDSResponse(cards=[Card(summary=summary, indicator=IndicatorEnum.info, source=Source(label="HealthChain"))])


@cds.hook("patient-view", id="chart")
def chart(_: CDSRequest) -> CDSResponse:
    """The same card for every patient."""
    return _card("x" * 140)


@cds.hook("order-sign", id="sign")
def sign(_: CDSRequest) -> CDSResponse:
    """The same card for every order."""
    return _card("Look at the neutrophils before signing.")


app = HealthChainAPI()
app.register_service(cds)
