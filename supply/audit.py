"""``python -m supply.audit FILE...``: what is known against the pinned versions. Exit code 1 if anything is.

pip-audit counts a package that its service did not answer for among those without a known vulnerability. Here it is NOT
CHECKED, said in one line; it is no failure, so that a registry that is down stops nobody's work.
"""

import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from supply.pins import everywhere, pins

PIP_AUDIT = Path(__file__).parents[1] / ".venv-tools" / "bin" / "pip-audit"
SERVICES = ("pypi", "osv")
"""The second is asked only for what the first could not tell."""

LONGEST = 120


class Told(NamedTuple):
    """``known``: NAME VERSION: ID (mended in VERSIONS). ``unanswered``: NAME -> why nobody knows."""

    known: tuple[str, ...]
    unanswered: dict[str, str]


def told(names: Iterable[str], output: str, errors: str) -> Told:
    """What a run of ``pip-audit --format json`` tells about these packages."""
    try:
        answered = {each["name"]: each for each in json.loads(output)["dependencies"]}
    except (ValueError, KeyError):
        why = (errors.strip().splitlines() or ["pip-audit said nothing"])[-1]
        return Told((), dict.fromkeys(names, why))
    unanswered = {
        name: answered[name]["skip_reason"] if name in answered else "not in the answer"
        for name in names
        if "vulns" not in answered.get(name, ())
    }
    known = [_line(each, vulnerability) for each in answered.values() for vulnerability in each.get("vulns", ())]
    return Told(tuple(known), unanswered)


def audit(files: Iterable[Path], pip_audit: Path = PIP_AUDIT) -> Told:
    """What the services tell about every pin of these files, whatever platform it is for."""
    pinned = {each.name: each for file in files for each in pins(file)}
    left = dict.fromkeys(pinned, "")
    known: list[str] = []
    for service in SERVICES:
        if left:
            each = _ask(service, everywhere(tuple(pinned[name] for name in left)), list(left), pip_audit)
            known += each.known
            left = each.unanswered
    return Told(tuple(known), left)


def report(found: Told, asked: int) -> str:
    """The lines to print."""
    lines = [f"VULNERABLE: {each}" for each in found.known]
    if found.unanswered:
        why = next(iter(found.unanswered.values()))
        if len(why) > LONGEST:
            why = f"{why[:LONGEST]}..."
        lines.append(f"NOT CHECKED for known vulnerabilities: {len(found.unanswered)} of {asked} packages ({why})")
    return "\n".join(lines or [f"No known vulnerabilities in {asked} packages."])


def _ask(service: str, requirements: str, names: list[str], pip_audit: Path) -> Told:
    with TemporaryDirectory() as folder:
        file = Path(folder, "requirements.txt")
        file.write_text(requirements, "utf-8")
        command = [str(pip_audit), "--vulnerability-service", service, "--require-hashes", "--disable-pip"]
        command += ["--format", "json", "--desc", "off", "--progress-spinner", "off", "--requirement", str(file)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    return told(names, done.stdout, done.stderr)


def _line(package: dict[str, str], vulnerability: dict[str, str]) -> str:
    mended = ", ".join(vulnerability["fix_versions"]) or "no version yet"
    return f"{package['name']} {package['version']}: {vulnerability['id']} (mended in {mended})"


if __name__ == "__main__":
    named = [Path(each) for each in sys.argv[1:]]
    result = audit(named)
    print(report(result, len({pin.name for file in named for pin in pins(file)})))
    sys.exit(1 if result.known else 0)
