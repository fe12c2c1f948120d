"""Reads the JSON body of one of the workbench's endpoints."""

from typing import Any, TypeVar

import msgspec

from cds_service.errors import BadRequest
from cds_service.web.body import read_body

Shape = TypeVar("Shape", bound=msgspec.Struct)


def read_asked(environ: dict[str, Any], shape: type[Shape], limit: int) -> Shape:
    """The body as ``shape``; BadRequest names the member that is wrong, never its value."""
    try:
        return msgspec.json.decode(read_body(environ, limit), type=shape)
    except msgspec.ValidationError as wrong:
        raise BadRequest(f"{wrong}.") from None
    except (msgspec.DecodeError, RecursionError):
        raise BadRequest("The body is no JSON object.") from None
