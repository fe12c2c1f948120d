"""Count the cards that were found and not shown. Raises DatabaseUnusable."""

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import Engine, func, select

from cds_service.audit.tables import evaluation, evaluation_card
from cds_service.feedback.summary import Advice, Scope, Summary
from cds_service.records.database import told


def with_withheld(engine: Engine, scope: Scope, summary: Summary) -> Summary:
    """The summary, with the cards of the same scope that were not shown; advice that was never shown comes last."""
    counted = _withheld(engine, scope)
    shown = {each.code for each in summary.advice}
    never = tuple(Advice(code, 0) for code in sorted(counted.keys() - shown))
    return replace(
        summary, advice=tuple(replace(each, withheld=counted.get(each.code, {})) for each in summary.advice + never)
    )


def _withheld(engine: Engine, scope: Scope) -> Mapping[str, Mapping[str, int]]:
    """Cards by advice code and why, the most frequent reason first."""
    by = (evaluation_card.c.advice_code, evaluation_card.c.withheld)
    query = select(*by, func.count()).join(evaluation, evaluation.c.id == evaluation_card.c.evaluation_id)
    query = query.where(evaluation_card.c.withheld.is_not(None)).group_by(*by).order_by(func.count().desc(), *by)
    if scope.service_id:
        query = query.where(evaluation.c.service_id == scope.service_id)
    if scope.since:
        query = query.where(evaluation.c.at >= scope.since)
    counted: dict[str, dict[str, int]] = {}
    with told(engine), engine.connect() as connection:
        for code, why, cards in connection.execute(query):
            counted.setdefault(code, {})[why] = int(cards)
    return counted
