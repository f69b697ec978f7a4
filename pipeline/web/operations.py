"""For those who run the site: is it alive, is it ready; and for robots and those who find a hole."""

from datetime import timedelta

from flask import Blueprint, Response, current_app, jsonify, url_for

from pipeline.db.engine import database
from pipeline.db.readiness import readiness
from pipeline.http.entry import anyone
from pipeline.kernel import clock
from pipeline.web.rendering import absolute
from pipeline.webhooks.queue import OVERDUE

blueprint = Blueprint("operations", __name__)


@blueprint.get("/healthz")
@anyone
def health() -> Response:
    """Answers while the process lives."""
    return jsonify(status="alive")


@blueprint.get("/readyz")
@anyone
def ready() -> tuple[Response, int]:
    """Whether this release can serve: the schema is there, and whether waiting work is being done."""
    state = readiness(database.session(), clock.now(), OVERDUE)
    return jsonify(status=state.status, problems=list(state.problems)), 200 if state.is_ready else 503


@blueprint.get("/robots.txt")
@anyone
def robots() -> Response:
    """Robots may read all that is public; a demonstration is not for them."""
    if current_app.config["SETTINGS"].is_demonstration:
        return Response("User-agent: *\nDisallow: /\n", mimetype="text/plain")
    lines = ["User-agent: *", "Disallow: /account", "Disallow: /your-work", f"Sitemap: {absolute('/sitemap.xml')}", ""]
    return Response("\n".join(lines), mimetype="text/plain")


@blueprint.get("/.well-known/security.txt")
@anyone
def security_contact() -> Response:
    """Where to tell of a hole in our security (RFC 9116)."""
    settings = current_app.config["SETTINGS"]
    contact = f"mailto:{settings.contact_address}" if settings.contact_address else absolute(url_for("about.contact"))
    expires = (clock.now() + timedelta(days=180)).strftime("%Y-%m-%dT%H:%M:%SZ")
    here = absolute("/.well-known/security.txt")
    leaked = f"# An API token found in public is ended by reporting it: {absolute('/developers')}#leaks\n"
    text = f"{leaked}Contact: {contact}\nExpires: {expires}\nPreferred-Languages: en, cy\nCanonical: {here}\n"
    return Response(text, mimetype="text/plain")
