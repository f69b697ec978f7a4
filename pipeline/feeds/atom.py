"""A feed as Atom (RFC 4287)."""

from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from pipeline.feeds.entry import Entry, Feed, for_xml, moment_text

MEDIA_TYPE = "application/atom+xml"
ATOM = "http://www.w3.org/2005/Atom"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"

register_namespace("", ATOM)


def atom_of(feed: Feed) -> bytes:
    """The feed as a document in UTF-8. What people wrote stands in it escaped, never as elements."""
    root = Element(_named("feed"), {LANGUAGE: feed.language})
    _add(root, "id", feed.id.urn)
    _add(root, "title", feed.title)
    _add(root, "subtitle", feed.subtitle)
    _add(root, "updated", moment_text(feed.updated_at))
    _add(root, "link", rel="self", type=MEDIA_TYPE, href=feed.url)
    _add(root, "link", rel="alternate", type="text/html", hreflang=feed.language, href=feed.home_url)
    _add(root, "icon", feed.icon_url)
    _add(root, "generator", "Pipeline")
    for entry in feed.entries:
        _add_entry(root, entry)
    made: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return made


def _add_entry(feed: Element, entry: Entry) -> None:
    element = SubElement(feed, _named("entry"), {LANGUAGE: entry.language})
    _add(element, "id", entry.id.urn)
    _add(element, "title", entry.title)
    _add(element, "published", moment_text(entry.published_at))
    _add(element, "updated", moment_text(entry.updated_at))
    _add(element, "link", rel="alternate", type="text/html", href=entry.url)
    author = SubElement(element, _named("author"))
    _add(author, "name", entry.author)
    _add(author, "uri", entry.author_url)
    _add(element, "content", entry.html, type="html")


def _add(parent: Element, name: str, text: str = "", **attributes: str) -> None:
    element = SubElement(parent, _named(name), {key: for_xml(value) for key, value in attributes.items()})
    if text:
        element.text = for_xml(text)


def _named(name: str) -> str:
    return f"{{{ATOM}}}{name}"
