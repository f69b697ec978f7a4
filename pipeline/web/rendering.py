"""How a page is made from a template: languages, filters, what every page is given, and what a browser may keep."""

import hashlib
from collections.abc import Callable
from datetime import date, datetime
from functools import partial, wraps
from typing import Any, ParamSpec, TypeVar

from flask import (
    Flask,
    Response,
    current_app,
    g,
    get_flashed_messages,
    make_response,
    render_template,
    request,
)
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader

from config import Settings
from pipeline import RELEASE
from pipeline.http.identity import current_identity
from pipeline.http.language import current_language, gettext, ngettext, say
from pipeline.http.marks import public_mark
from pipeline.http.reading import begin_read
from pipeline.kernel import clock
from pipeline.kernel.effort import days
from pipeline.kernel.money import pounds
from pipeline.kernel.words import MONTHS
from pipeline.notifications.unread import MOST_UNREAD, some_unread_of
from pipeline.web.assets import read_manifest
from pipeline.web.kept_pages import KeptPages

Arguments = ParamSpec("Arguments")
Made = TypeVar("Made")


def prepare_templates(app: Flask, settings: Settings) -> None:
    """Prepare Jinja: where templates are, gettext, and the filters and globals of our pages."""
    app.extensions["pipeline_kept_pages"] = KeptPages()
    environment = app.jinja_env
    environment.add_extension("jinja2.ext.i18n")
    environment.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.loader = ChoiceLoader(
        [
            app.create_global_jinja_loader(),
            PrefixLoader(
                {
                    "govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja"),
                    "govuk_frontend_wtf": PackageLoader("govuk_frontend_wtf"),
                }
            ),
        ]
    )
    environment.filters.update(pounds=pounds, days=days, uk_date=uk_date, uk_time=uk_time, say=say, label=label)
    manifest = _manifest(settings)
    environment.globals.update(asset=lambda name: f"/assets/{manifest.get(name, name)}", mode=settings.pipeline_mode)
    app.context_processor(_page_values)


def _manifest(settings: Settings) -> dict[str, str]:
    """The names of the built assets. Tests of pages may run before any are built."""
    if settings.pipeline_mode == "test":
        try:
            return dict(read_manifest())
        except RuntimeError:
            return {}
    return dict(read_manifest())


def _page_values() -> dict[str, Any]:
    """What every page is given."""
    root = request.script_root
    return {
        # The language of the address, also where a missing translation has the page in English.
        "language": request.environ.get("pipeline.language", "en"),
        "root": root,
        "other_language_url": _other_language_url(root),
        "navigation": _navigation(root),
        "signed_in": _signed_in(),
        "messages": get_flashed_messages(with_categories=True) if _may_hold_messages() else [],
        "is_english_for_welsh": bool(g.get("in_english")),
        "main_attributes": "",
        "identity": current_identity(),
    }


def _may_hold_messages() -> bool:
    from flask import session

    return "_flashes" in session


def _other_language_url(root: str) -> str:
    query = f"?{request.query_string.decode('utf-8', 'ignore')}" if request.query_string else ""
    return f"{'' if root else '/cy'}{request.path}{query}"


def _navigation(root: str) -> list[dict[str, Any]]:
    sections = (
        ("/projects", gettext("Projects")),
        ("/documents", gettext("Shared documents")),
        ("/lessons", gettext("Lessons")),
        ("/councils", gettext("Councils")),
    )
    return [
        {"url": f"{root}{path}", "label": label, "is_current": request.path.startswith(path)}
        for path, label in sections
    ]


def _signed_in() -> dict[str, Any] | None:
    identity = current_identity()
    if identity is None:
        return None
    place = identity.place
    return {
        "job_title": identity.job_title,
        "council": place.short_name if place else "",
        "your_work_count": g.get("your_work_count", 0),
        "unread": _unread(),
    }


def _unread() -> str:
    """How many notices they have not read, as the head of a page says it; "" for none. Asked once a request."""
    if "unread" not in g:
        g.unread = some_unread_of(begin_read())
    if g.unread > MOST_UNREAD:
        return f"{MOST_UNREAD}+"
    return str(g.unread or "")


def uk_date(value: date | datetime | str | None) -> str:
    """A date as people write it: 21 November 2026. A moment is shown as its date in the United Kingdom."""
    if value is None:
        return ""
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if "T" in value or " " in value else date.fromisoformat(value)
    if isinstance(value, datetime):
        value = clock.uk_date(value)
    return f"{value.day} {gettext(MONTHS[value.month - 1])} {value.year}"


def uk_time(value: datetime | str | None) -> str:
    """A moment as people write it: 21 November 2026 at 14:05, UK time."""
    if value is None:
        return ""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    local = value.astimezone(clock.UK)
    return gettext("%(date)s at %(time)s") % {"date": uk_date(value), "time": f"{local:%H:%M}"}


def label(value: Any) -> str:
    """The label of a thing of a vocabulary, in the page's language."""
    return value.cy if current_language() == "cy" else value.en


def show(template: str, status: int = 200, /, **values: Any) -> Response:
    """Render a page. A Welsh page that lacks a translation is shown whole in English, marked as English."""
    text = in_one_language(lambda: render_template(template, **values))
    response = make_response(text, status)
    response.headers["Content-Language"] = current_language()
    return response


def in_one_language(make: Callable[[], Made]) -> Made:
    """Make something in the language of the address; where that lacks a translation, all of it again in English."""
    made = make()
    if g.get("untranslated") and not g.get("in_english"):
        g.in_english = True
        made = make()
    return made


def revalidated_with(
    renewed: Callable[[], str | None], *, is_list: bool = False
) -> Callable[[Callable[Arguments, Response]], Callable[Arguments, Response]]:
    """As `revalidated`, for a page that shows something which changes by itself: `renewed` gives its own mark, or None
    while nothing can be said of it. Of a list the pages with a query are kept too, those of searches among them."""

    def decorate(view: Callable[Arguments, Response]) -> Callable[Arguments, Response]:
        @wraps(view)
        def page(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Response:
            if current_identity() is not None or _may_hold_messages() or (request.args.get("q") and not is_list):
                return view(*args, **kwargs)
            mark_before, more = mark_of_page(), renewed()
            if more is None:
                return view(*args, **kwargs)
            mark = mark_before + more
            if request.if_none_match.contains(mark):
                response = Response(status=304)
            else:
                response = _kept_or_made(mark, partial(view, *args, **kwargs), is_list=is_list)
            if response.status_code in (200, 304):
                response.set_etag(mark)
            return response

        return page

    return decorate


def revalidated(view: Callable[Arguments, Response]) -> Callable[Arguments, Response]:
    """Let an anonymous reader's browser ask whether a public page is still the same, before anything is read for it.

    The mark is the last event that changed what the public reads, the UK date (pages speak of days), the language and
    the release. While it stays, the page is made once. Signed-in pages, and pages that carry a message, have no mark.
    """
    return revalidated_with(lambda: "")(view)


def _kept_or_made(mark: str, make: Callable[[], Response], *, is_list: bool) -> Response:
    if request.query_string and not is_list:
        return make()
    kept: KeptPages = current_app.extensions["pipeline_kept_pages"]
    found = kept.find(mark)
    if found is not None:
        return found
    response = make()
    kept.keep(mark, response)
    return response


def mark_of_page() -> str:
    """The ETag of a page that everybody reads alike: the last event that changed what the public reads, the UK date,
    the language and the release."""
    return f"{public_mark()}.{clock.today():%y%m%d}.{current_language()}.{_build_mark()}"


def _build_mark() -> str:
    mark: str | None = current_app.extensions.get("pipeline_build_mark")
    if mark is None:
        names = current_app.jinja_env.globals["asset"]("pipeline.css")  # type: ignore[operator]
        mark = hashlib.sha256(f"{RELEASE} {names}".encode()).hexdigest()[:8]
        current_app.extensions["pipeline_build_mark"] = mark
    return mark


def absolute(path: str) -> str:
    """An address that can be sent to somebody: the public address of this site, never the request's Host."""
    base: str = current_app.config["PUBLIC_URL"]
    return f"{base}{path}"
