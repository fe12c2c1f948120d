"""``cds-service serve``: the service on this machine, by gunicorn, as it would run elsewhere."""

import os
import signal
import socket
from typing import Any

import click
from flask import Flask
from gunicorn.app.base import BaseApplication

from cds_service import create_app
from cds_service.ehr.problems import CannotStart

_THREADS = 8
_END_SECONDS = 5
_LONGEST_HEADER = 16_380  # bytes; a token may be 8 KiB long, which gunicorn's own limit would refuse


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0: any free port.")
@click.option("--profile", type=click.Choice(["us", "eu"]), help="Label thresholds [default: CDS_PROFILE, else us].")
def serve(host: str, port: int, profile: str | None) -> None:
    """Run the service until Ctrl-C. CDS_MODE is sandbox unless the environment says otherwise."""
    os.environ.setdefault("CDS_MODE", "sandbox")
    if profile:
        os.environ["CDS_PROFILE"] = profile
    create_app()  # a wrong setting or card file is told here, in one line, before anything listens
    listener = _listening(host, port)
    mode = os.environ["CDS_MODE"]
    address = _address(listener)
    click.echo(f"CDS Hooks service at {address}/cds-services ({mode} mode). Ctrl-C ends it.")
    if mode == "sandbox":
        click.echo(f"Workbench at {address}/ (open it in a browser on this machine)")
    _Server(listener.detach()).run()


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=512)
    except OSError as fault:
        reason = str(fault.strerror).partition(" (while")[0]  # Python adds the address, which we name ourselves
        why = f"Cannot listen on {host} port {port} ({reason})"
        raise CannotStart(f"{why}: try another --port, or 0 for any free one.") from None


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _end_gracefully_on_ctrl_c(_: object) -> None:
    """Ctrl-C is a normal end here; gunicorn makes it a quick one, which on a busy machine kills its worker loudly."""
    signal.signal(signal.SIGINT, lambda *_: os.kill(os.getpid(), signal.SIGTERM))


class _Server(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
    """gunicorn around the application factory: one process with threads, warnings only, no control socket.

    ``listener`` is the file descriptor of a listening socket, gunicorn's own from now on.
    """

    def __init__(self, listener: int) -> None:
        self.listener = listener
        super().__init__()

    def load_config(self) -> None:
        settings: dict[str, Any] = {
            "bind": f"fd://{self.listener}",
            "worker_class": "gthread",
            "threads": _THREADS,
            "loglevel": "warning",
            "graceful_timeout": _END_SECONDS,
            "limit_request_field_size": _LONGEST_HEADER,
            "forwarder_headers": "",  # SCRIPT_NAME would move the path, or be a 500
            "control_socket_disable": True,
            "when_ready": _end_gracefully_on_ctrl_c,
        }
        for key, value in settings.items():
            self.cfg.set(key, value)

    def load(self) -> Flask:
        return create_app()
