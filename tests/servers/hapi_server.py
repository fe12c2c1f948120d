"""HAPI FHIR R4, built by Maven from ``tests/servers/hapi`` and run on loopback, in memory."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cds_service.cli.child_server import Recipe, running

PROJECT = Path(__file__).parent / "hapi"
NEEDED = "the HAPI tests need Java 17 and Maven: apt-get install openjdk-17-jdk-headless maven"
_JAVA = ["java", "-Xmx1g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"]


@contextmanager
def hapi_server(folder: Path) -> Iterator[str]:
    """Runs an empty HAPI server with ``folder`` for its log; gives its base URL. Its data go with it."""
    classes = _built()
    recipe = Recipe("HAPI server", lambda port: [*_JAVA, "-cp", classes, "hapi.Launcher", str(port)], READY, os.environ)
    with running(recipe, folder) as root:
        yield f"{root}/fhir"


READY = "/fhir/metadata"


def _built() -> str:
    """Compiles the launcher, from the local repository where it has all it takes; gives the class path."""
    maven = shutil.which("mvn")
    assert maven is not None and shutil.which("java"), NEEDED
    for offline in (["-o"], []):
        compiled = subprocess.run([maven, "-q", "-B", *offline, "compile"], cwd=PROJECT, capture_output=True, text=True)
        if compiled.returncode == 0:
            build = PROJECT / "build"
            return os.pathsep.join([str(build / "classes"), (build / "classpath").read_text("utf-8").strip()])
    raise AssertionError(f"Maven could not build {PROJECT}: {compiled.stdout[-2000:]}{compiled.stderr[-2000:]}")
