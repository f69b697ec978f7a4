"""Builds the application: the only file that knows every layer."""

import logging
import sys
from collections.abc import Callable
from typing import Any

from flask import Flask
from flask_migrate import Migrate
from werkzeug.middleware.proxy_fix import ProxyFix

from config import ROOT, Settings
from pipeline import api, cli, web
from pipeline.accounts import models as _accounts
from pipeline.artefacts import models as _artefacts
from pipeline.comments import models as _comments
from pipeline.contact import models as _contact
from pipeline.councils import models as _councils
from pipeline.db import idempotency as _idempotency
from pipeline.db import jobs as _jobs
from pipeline.db import listeners as _listeners
from pipeline.db import outbox as _outbox
from pipeline.db.engine import database, engine_options, prepare_database
from pipeline.documents import models as _documents
from pipeline.exports import models as _exports
from pipeline.http.entry import check_entry
from pipeline.http.identity import prepare_identity
from pipeline.http.language import LanguagePrefix
from pipeline.http.limits import prepare_limits
from pipeline.http.requests import prepare_requests
from pipeline.http.security import prepare_security
from pipeline.http.sessions import RowSessionInterface
from pipeline.http.turns import InTurn
from pipeline.imports import models as _imports
from pipeline.introductions import models as _introductions
from pipeline.lessons import models as _lessons
from pipeline.measures import models as _measures
from pipeline.moderation import models as _moderation
from pipeline.notifications import models as _notifications
from pipeline.pledges import models as _pledges
from pipeline.portfolios import models as _portfolios
from pipeline.projects import figure_models as _figures
from pipeline.projects import models as _projects
from pipeline.search import models as _search
from pipeline.signposts import models as _signposts
from pipeline.spare_capacity import models as _spare_capacity
from pipeline.statistics import models as _statistics
from pipeline.web.serving import serve_assets
from pipeline.webhooks import models as _webhooks

TABLES = (
    _idempotency, _jobs, _listeners, _outbox, _councils, _accounts, _projects, _pledges, _search, _signposts,
    _documents, _artefacts, _lessons, _imports, _webhooks, _exports, _comments, _moderation, _contact,
    _notifications, _introductions, _spare_capacity, _figures, _measures, _portfolios, _statistics,
)  # fmt: skip
"""Every module of tables, so that migrations and tests know them all."""


class Application(Flask):
    """Flask that does not ask of every function on every request whether it is asynchronous: none is."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func


def create_app(settings: Settings) -> Flask:
    """Return the application for settings that have been checked."""
    app = Application(
        "pipeline", root_path=str(ROOT / "pipeline"), template_folder=str(ROOT / "templates"), static_folder=None
    )
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        PUBLIC_URL=settings.public_url.rstrip("/"),
        TESTING=settings.pipeline_mode == "test",
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database_url),
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_SSL_STRICT=False,
    )
    app.url_map.strict_slashes = False
    _prepare_logging(settings)
    prepare_database(app)
    Migrate(app, database, directory=str(ROOT / "migrations"), render_as_batch=True)
    app.session_interface = RowSessionInterface(settings.secret_key, is_secure=settings.is_secure)
    prepare_requests(app)
    prepare_security(app, settings)
    prepare_limits(app, settings)
    prepare_identity(app)
    app.before_request(check_entry)
    api.prepare_api(app)
    web.prepare_web(app, settings)
    if settings.is_demonstration:
        _prepare_demonstration(app)
    cli.prepare_commands(app)
    _wrap(app, settings)
    return app


def _prepare_demonstration(app: Flask) -> None:
    """Add the pages on which one is signed in as a made-up person; no other mode even reads who they are."""
    from pipeline.cli.demonstration_data.people import OFFICERS
    from pipeline.web.demonstration import prepare_demonstration

    prepare_demonstration(app, OFFICERS)


def _wrap(app: Flask, settings: Settings) -> None:
    """Put the WSGI middlewares round the application: proxies outermost, then assets, the language, and turns."""
    if settings.is_sqlite:
        app.wsgi_app = InTurn(app.wsgi_app)  # type: ignore[method-assign]
    app.wsgi_app = LanguagePrefix(app.wsgi_app)  # type: ignore[method-assign]
    app.wsgi_app = serve_assets(app.wsgi_app, settings)  # type: ignore[method-assign]
    if settings.trusted_proxies:
        number = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=number, x_proto=number, x_host=0)  # type: ignore[method-assign]


def _prepare_logging(settings: Settings) -> None:
    """One line a request, to standard output; everything else from warnings up, to standard error."""
    logging.basicConfig(
        level=logging.WARNING, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    requests = logging.getLogger("pipeline.requests")
    requests.setLevel(logging.ERROR if settings.pipeline_mode == "test" else settings.log_level)
    requests.propagate = False
    if not requests.handlers:
        handler = logging.StreamHandler(sys.stdout)
        handler.setFormatter(logging.Formatter("%(message)s"))
        requests.addHandler(handler)
