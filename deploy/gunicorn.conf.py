"""gunicorn in front of the service: gunicorn --config gunicorn.conf.py --bind ADDRESS "cds_service:create_app()".

How many workers: WEB_CONCURRENCY, which the service reads too; not here, where only gunicorn would know it.
https://docs.gunicorn.org/en/stable/settings.html
"""

from cds_service.web.gunicorn_hooks import child_exit, on_starting, post_worker_init

__all__ = ["child_exit", "on_starting", "post_worker_init"]

worker_class = "gthread"
threads = 8  # calls at once in each worker; they wait for FHIR servers most of the time

# A worker that is told to end has this long: CDS_DRAIN_MS, then the longest deadline_ms, and some to spare.
graceful_timeout = 30

# The proxy closes idle connections (after 1 s), never gunicorn: it could close one that a call is just coming on.
keepalive = 75

# A token may be 8 KiB long; gunicorn's 8190 bytes for a header would refuse the longest.
limit_request_field_size = 16_380

# No header of a caller on this machine moves the path, which the token names (SCRIPT_NAME would, or be a 500).
forwarder_headers = ""

# No socket by which gunicorn itself can be commanded, and no log of addresses with their queries.
control_socket_disable = True
accesslog = None
