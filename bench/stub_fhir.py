"""A FHIR server that answers each search after 20 ms, from the reference request: ``python -m bench.stub_fhir``."""

import json
import time
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from bench.reference import answers

DELAY = 0.020
_BODIES = {key: json.dumps(value).encode() for key, value in answers(datetime.now(UTC)).items()}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        started = time.perf_counter()
        body = _BODIES[_key(self.path)]
        time.sleep(max(0.0, DELAY - (time.perf_counter() - started)))
        self.send_response(200)
        self.send_header("Content-Type", "application/fhir+json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _key(path: str) -> str:
    for part, key in (("/Patient/", "patient"), ("/MedicationRequest", "medications"), ("/Condition", "conditions")):
        if part in path:
            return key
    if "751-8" in path:
        return "neutrophils"
    return "vitals" if "8310-5" in path else "labs"


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()
