"""How gunicorn serves the site: `gunicorn -c pipeline/cli/gunicorn_settings.py wsgi:app`.

The supervisor starts gunicorn with this file; a larger place that runs web and worker apart starts it the same way.
The names at the foot are gunicorn's own settings.

Threads (gthread) serve on both databases: a browser opens connections before it has anything to ask, and each such
idle connection would hold one of the few sync processes until its time is up, where a thread gives it back. On SQLite
one process writes at a time whatever the number here.
"""

from pathlib import Path

from config import Settings
from pipeline.cli.collector import settle_collector

SECONDS_TO_FINISH = 20

settings = Settings.from_environment()

bind = f"[{settings.bind}]:{settings.port}" if ":" in settings.bind else f"{settings.bind}:{settings.port}"
worker_class = "gthread"
workers = settings.web_processes
threads = settings.web_threads

# Each process listens for itself and the kernel deals the connections out. With one socket for all, the process that
# wakes first takes every connection of a burst and the others stand idle: half the requests a second, or a quarter.
# Two sites could so share a port without a word; the supervisor looks first whether it is free.
reuse_port = True

timeout = 30
graceful_timeout = SECONDS_TO_FINISH
keepalive = 5
# The heartbeat file of each process belongs in memory: on a busy disk the process would look dead.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108

# Longer than any address or header of ours, short enough that nobody fills memory with them.
limit_request_line = 8190
limit_request_fields = 64
limit_request_field_size = 8190

# The application alone decides which proxies to believe (TRUSTED_PROXIES), so gunicorn believes none.
forwarded_allow_ips = ""
forwarder_headers = ""
secure_scheme_headers: dict[str, str] = {}

# The application writes one line a request itself; gunicorn says only what went wrong.
accesslog = None
loglevel = "warning"
# Nothing here uses the control socket, and its default place is a home folder that a service account may not have.
control_socket_disable = True


def post_worker_init(_worker: object) -> None:
    """Before a process takes its first request."""
    settle_collector()
