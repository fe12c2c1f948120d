"""A neutrophil count as the first line of a detail has it."""

from datetime import datetime, tzinfo

from cds_service.advice.dates import ago, moment
from cds_service.advice.values import CELLS, count_figure, in_words
from cds_service.clinical.scales import grade_of
from cds_service.clinical.series import MEASURED, Count
from cds_service.clinical.thresholds import Thresholds


def count_in_full(count: Count, limits: Thresholds, zone: tzinfo, now: datetime) -> str:
    """ "**0.96 x10^9/L**, 20 Nov 2026 08:10 (2 days ago): moderate; CTCAE v5 grade 3, v6 grade 2"."""
    about = [ago(count.when, zone, now)]
    if count.how != MEASURED:
        about.append(count.how)
    if count.rivals:
        about.append("the lowest of several results of that specimen or time")
    if count.date_is_issued:
        about.append("dated by its time of issue")
    grade = grade_of(count.value, count.comparator)
    number = in_words(count.comparator, f"{count_figure(count, limits)} {CELLS}")
    text = f"**{number}**, {moment(count.when, zone)} ({'; '.join(about)})"
    return f"{text}: {grade}" if grade else text
