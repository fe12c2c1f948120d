"""Finds what is wrong with a CDS Hooks payload, anybody's, and says where, by which requirement and how to mend it.

``validate`` is the one function; the command line, POST /validate and the workbench are doors to it.
"""

from typing import TYPE_CHECKING, Any

from cds_service.validate.finding import Finding, Severity
from cds_service.validate.unreadable import Unreadable

if TYPE_CHECKING:
    from cds_service.validate.check import validate
    from cds_service.validate.report import Report

__all__ = ["Finding", "Report", "Severity", "Unreadable", "validate"]


def __getattr__(name: str) -> Any:
    """``validate`` and ``Report`` when they are first asked for: the hook path needs neither."""
    if name == "validate":
        from cds_service.validate.check import validate

        return validate
    if name == "Report":
        from cds_service.validate.report import Report

        return Report
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
