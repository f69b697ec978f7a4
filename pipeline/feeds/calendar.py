"""A calendar as iCalendar (RFC 5545), by the library icalendar."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from icalendar import Calendar, Event

from pipeline.feeds.entry import for_xml

MEDIA_TYPE = "text/calendar"
ASK_AGAIN = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One whole day. Its `uid` never changes; `sequence` rises with each change of what it says."""

    uid: UUID
    on: date
    summary: str
    description: str
    url: str
    sequence: int
    changed_at: datetime
    is_cancelled: bool


def calendar_of(name: str, about: str, url: str, language: str, days: list[CalendarDay]) -> bytes:
    """The calendar as a file: lines of at most 75 bytes, folded between characters."""
    calendar = Calendar()
    calendar.add("prodid", f"-//LocalGov Digital//Pipeline//{language.upper()}")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    for key in ("name", "x-wr-calname"):
        calendar.add(key, for_xml(name))
    calendar.add("description", for_xml(about))
    calendar.add("source", url, parameters={"VALUE": "URI"})
    calendar.add("refresh-interval", ASK_AGAIN, parameters={"VALUE": "DURATION"})
    for day in days:
        calendar.add_component(_event(day))
    made: bytes = calendar.to_ical()
    return made


def _event(day: CalendarDay) -> Event:
    event = Event()
    event.add("uid", str(day.uid))
    event.add("dtstamp", day.changed_at)
    event.add("last-modified", day.changed_at)
    event.add("sequence", day.sequence)
    event.add("dtstart", day.on)
    event.add("dtend", day.on + timedelta(days=1))
    event.add("summary", for_xml(day.summary))
    event.add("description", for_xml(day.description))
    event.add("url", day.url)
    event.add("status", "CANCELLED" if day.is_cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    return event
