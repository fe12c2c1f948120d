"""Which of a row's possible reasons holds for this patient, in words: a card names it instead of listing them all."""

from cds_service.advice.occasion import Occasion
from cds_service.advice.values import count_plain
from cds_service.clinical.episodes import Past
from cds_service.clinical.mas import Mas

_MAS = "macrophage activation syndrome (MAS)"


def recovered_below_start(occasion: Occasion) -> str:
    """ "1.7": the latest count, recovered to 1.5 but below the tocilizumab label's start limit; "" elsewhere."""
    picture, limits = occasion.picture, occasion.limits
    latest = picture.latest
    if latest is None or picture.history.past not in (Past.PRIOR, Past.FAILED):
        return ""
    return count_plain(latest, limits) if limits.anc_low <= latest.value < limits.tocilizumab_start else ""


def unrecorded(occasion: Occasion) -> str:
    """What keeps MAS-range results from the full pattern (row M1b): "fever", a diagnosis, or both."""
    found = ((occasion.picture.fever.yes, "fever"), (occasion.picture.stills, "a diagnosis of Still's disease"))
    return " and ".join(words for recorded, words in found if not recorded)


def unwell(occasion: Occasion) -> str:
    """Why a recovered count is not the whole story (row PV15a): "fever is", or results, or both; "on file" follows."""
    results = occasion.picture.mas is not Mas.NONE
    if not occasion.picture.fever.yes:
        return f"results in the range of {_MAS} are" if results else ""
    return f"fever and results in the range of {_MAS} are" if results else "fever is"


def mas_basis(occasion: Occasion) -> str:
    """Why MAS is thought of when anakinra is ordered (row OA3m): it is coded, the results are in its range, or both."""
    results = occasion.picture.mas is not Mas.NONE
    if occasion.mas_recorded:
        return f"{_MAS} or HLH is recorded" + (", with results in its range" if results else "")
    return f"results are in the range of {_MAS}" if results else ""
