"""The sitemap: what robots should know of. Bounded: older projects are found through the list's pages."""

from xml.sax.saxutils import escape

from flask import Blueprint, Response
from sqlalchemy import select

from pipeline.councils.models import Council
from pipeline.councils.vocabulary import PLACES
from pipeline.http.entry import anyone
from pipeline.http.reading import begin_read
from pipeline.projects.models import Project
from pipeline.projects.visibility import visible_to
from pipeline.projects.vocabulary import THEMES
from pipeline.web.rendering import absolute, revalidated

blueprint = Blueprint("sitemap", __name__)

MOST_PROJECTS = 10_000
PAGES = (
    "/", "/projects", "/themes", "/places", "/documents", "/lessons", "/councils", "/statistics", "/data",
    "/developers", "/follow", "/help", "/accessibility", "/privacy", "/cookies", "/contact",
    *(f"/themes/{theme.slug}" for theme in THEMES), *(f"/places/{place.slug}" for place in PLACES),
)  # fmt: skip


@blueprint.get("/sitemap.xml")
@anyone
@revalidated
def show_sitemap() -> Response:
    """Our own pages, every council, and the projects that changed last."""
    reading = begin_read()
    councils = reading.session.scalars(select(Council.slug).order_by(Council.slug))
    projects = reading.session.scalars(
        select(Project.slug)
        .where(Project.is_public, visible_to(reading.actor))
        .order_by(Project.updated_at.desc(), Project.id.desc())
        .limit(MOST_PROJECTS)
    )
    paths = (*PAGES, *(f"/councils/{slug}" for slug in councils), *(f"/projects/{slug}" for slug in projects))
    lines = "\n".join(f"<url><loc>{escape(absolute(path))}</loc></url>" for path in paths)
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{lines}\n</urlset>\n'
    return Response(text, mimetype="application/xml")
