"""Whether what we emit holds a null or empty member, by the validator."""

from cds_service.validate import validate


def empty_members(body: bytes, kind: str) -> list[str]:
    """The JSON pointers of the null and empty members of a response or of discovery; [] for a good one."""
    return [each.pointer for each in validate(body, kind).findings if each.requirement == "cds-hooks_2.0@3"]
