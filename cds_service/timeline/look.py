"""How a timeline is to be drawn."""

from dataclasses import dataclass

from cds_service.timeline.palette import LIGHT
from cds_service.timeline.value_axis import LOG


@dataclass(frozen=True, slots=True)
class Look:
    """``axis`` is "log" or "linear", ``theme`` "light" or "dark"; ``height`` 0 lets the drawing choose.

    ``days`` labels the time axis with days since the first dose of anakinra (dates, if there was none).
    """

    axis: str = LOG
    days: bool = False
    theme: str = LIGHT
    width: int = 960
    height: int = 0
    heading: bool = True
