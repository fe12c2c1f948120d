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
JAVA = (
    "java",
    "-Xmx1g",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
)


@contextmanager
def hapi_server(folder: Path) -> Iterator[str]:
    """Runs an empty HAPI server with ``folder`` for its log; gives its base URL. Its data go with it."""
    class_path = _built()

    def command(port: int) -> list[str]:
        return [*JAVA, "-cp", class_path, "hapi.Launcher", str(port)]

    with running(Recipe("HAPI server", command, "/fhir/metadata", os.environ), folder) as root:
        yield f"{root}/fhir"


def _built() -> str:
    """Compiles the launcher; gives the class path. Only what the local Maven repository lacks is downloaded."""
    assert shutil.which("java"), NEEDED
    assert shutil.which("mvn"), NEEDED
    for more in (["-o"], []):
        maven = subprocess.run(["mvn", "-q", "-B", *more, "compile"], cwd=PROJECT, capture_output=True, text=True)
        if maven.returncode == 0:
            build = PROJECT / "build"
            return os.pathsep.join([str(build / "classes"), (build / "classpath").read_text("utf-8").strip()])
    raise AssertionError(f"Maven could not build {PROJECT}:\n{maven.stdout[-2000:]}{maven.stderr[-2000:]}")
