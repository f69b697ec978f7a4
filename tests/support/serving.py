"""A site that a real browser can visit."""

from collections.abc import Callable, Iterable
from typing import Any

from werkzeug.serving import BaseWSGIServer, make_server

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


def server_of(application: Application) -> BaseWSGIServer:
    """A server on a port of its own, ready to be started, that asks an application."""
    return make_server("127.0.0.1", 0, closed_at_the_end(application), threaded=True)


def closed_at_the_end(application: Application) -> Application:
    """The application, each of its answers closed when it was given out.

    Werkzeug's own server closes an answer only after it has read what the browser still sends, and where the browser
    has gone by then it does not: the file it gave out stays open until Python warns of it, in the middle of a test.
    """

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        body = application(environ, start_response)
        try:
            yield from body
        finally:
            if hasattr(body, "close"):
                body.close()

    return answer
