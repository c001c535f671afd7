"""The web server: a few processes, each with threads; waiting for the database (10 s) is far below `timeout`."""

import os

from core.memory import keep_loaded

workers = int(os.environ.get("WEB_PROCESSES", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
worker_class = "gthread"
timeout = 60
graceful_timeout = 30
keepalive = 5
max_requests = 20_000
max_requests_jitter = 2_000
accesslog = None  # the site writes its own structured line per request
errorlog = "-"
loglevel = "warning"
limit_request_line = 8190
limit_request_field_size = 8190
control_socket_disable = True


def post_worker_init(worker: object) -> None:
    """A worker has loaded the site."""
    keep_loaded()
