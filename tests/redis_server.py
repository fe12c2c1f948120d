"""Debian's redis-server, for tests of what several processes share."""

import shutil
import signal
import subprocess
from pathlib import Path

from tests.in_time import wait_for


class RedisServer:
    """Debian's redis-server on a Unix socket in a folder of its own: no port to collide on."""

    def __init__(self, folder: Path) -> None:
        program = shutil.which("redis-server")
        assert program, "redis-server is missing: apt-get install redis-server"
        self._socket = folder / "redis.sock"
        self.url = f"unix://{self._socket}"
        self._command = [program, "--port", "0", "--unixsocket", str(self._socket), "--save", "", "--dir", str(folder)]
        self.start()

    def start(self) -> None:
        self._process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL)
        wait_for(self._socket.exists)

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait()
        self._socket.unlink(missing_ok=True)

    def freeze(self) -> None:
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._process.send_signal(signal.SIGCONT)
