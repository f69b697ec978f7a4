"""A feed as JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""

import orjson

from pipeline.feeds.entry import Entry, Feed, for_xml, moment_text

MEDIA_TYPE = "application/feed+json"
VERSION = "https://jsonfeed.org/version/1.1"


def json_feed_of(feed: Feed) -> bytes:
    """The feed as JSON. Its texts are those of the Atom feed, to the letter."""
    return orjson.dumps(
        {
            "version": VERSION, "title": for_xml(feed.title), "description": for_xml(feed.subtitle),
            "home_page_url": feed.home_url, "feed_url": feed.url, "icon": feed.icon_url, "language": feed.language,
            "items": [_item(entry) for entry in feed.entries],
        }
    )  # fmt: skip


def _item(entry: Entry) -> dict[str, object]:
    return {
        "id": entry.id.urn, "url": entry.url, "title": for_xml(entry.title), "content_html": for_xml(entry.html),
        "date_published": moment_text(entry.published_at), "date_modified": moment_text(entry.updated_at),
        "authors": [{"name": for_xml(entry.author), "url": entry.author_url}], "language": entry.language,
    }  # fmt: skip
