"""What a rule that was NOT EVALUATED lacked: a closed set, for a metric's label."""

from cds_service.clinical.switched_off import SWITCHED_OFF

_LACKS = (
    ("neutrophil counts", "neutrophil counts"),
    ("medication requests", "medication requests"),
    ("another patient's data", "another patient's data"),
    ("laboratory results incomplete", "laboratory results"),
    ("weight: ", "vital signs"),
    ("conditions incomplete", "conditions"),
    ("no birth date", "birth date"),
    ("no upper limit of normal", "upper limit of normal"),
    ("no usable ", "no usable result"),
    ("no neutrophil count", "no usable result"),
    ("neither platelets nor", "no usable result"),
    ("eGFR is given as a limit only", "no usable result"),
    (SWITCHED_OFF, SWITCHED_OFF),
)
OTHER = "other"
LACKS = (*dict.fromkeys(lack for _, lack in _LACKS), OTHER)


def lack_of(reason: str) -> str:
    """What was lacking, by the words that a reason begins with."""
    return next((lack for words, lack in _LACKS if reason.startswith(words)), OTHER)
