"""HealthChain 0.16.1 (PyPI) with a fixed card, as its documentation shows it. Runs in its own virtual environment."""

from healthchain.gateway import CDSHooksService, HealthChainAPI
from healthchain.models.requests.cdsrequest import CDSRequest
from healthchain.models.responses.cdsresponse import Card, CDSResponse, IndicatorEnum, Source

cds = CDSHooksService()


@cds.hook("patient-view", id="fixed")
def fixed(_: CDSRequest) -> CDSResponse:
    """The same card for every request."""
    return CDSResponse(
        cards=[
            Card(
                summary="ANC 0.96 on anakinra: consider holding.",
                indicator=IndicatorEnum.warning,
                source=Source(label="fixed card"),
                detail="A fixed card, the same for every request. " * 30,
            )
        ]
    )


app = HealthChainAPI()
app.register_service(cds)
