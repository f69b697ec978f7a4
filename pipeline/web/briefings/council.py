"""A council's year with others for its senior managers, on one page."""

from collections.abc import Iterable

from markupsafe import Markup

from pipeline.briefings.year import FinancialYear, Given, Kind, Named, Things, YearOfCouncil
from pipeline.documents.excerpts import opening
from pipeline.http.language import gettext, say
from pipeline.kernel.effort import days
from pipeline.kernel.money import pounds
from pipeline.kernel.words import Words, _, pair
from pipeline.measures.messages import benefit_words
from pipeline.measures.rules import Unit
from pipeline.projects.messages import STATUS_NAMES
from pipeline.projects.rules import ProjectStatus
from pipeline.web.briefings.parts import Part, Table, marked, part, say_marked
from pipeline.web.measures_shown import outcome_shortly
from pipeline.web.rendering import uk_date

MOST_OUTCOME = 240

LED = pair("It led {n} project that ran in the year.", "It led {n} projects that ran in the year.")
JOINED = pair("It took part in {n} project of another council.", "It took part in {n} projects of other councils.")
SHARED = pair("It shared {n} document: {titles}.", "It shared {n} documents: {titles}.")
ADOPTED = pair(
    "It adopted {n} document of another council: {titles}.", "It adopted {n} documents of other councils: {titles}."
)
READ = pair(
    "{n} measure of its projects was read; {met} met the target.",
    "{n} measures of its projects were read; {met} met the target.",
)
LESSONS = pair("It wrote down {n} lesson: {titles}.", "It wrote down {n} lessons: {titles}.")
OWED = pair(
    "The leads of its projects owed {n} first answer; {in_time} came in time.",
    "The leads of its projects owed {n} first answers; {in_time} came in time.",
)


def parts_of_year(found: YearOfCouncil, year: FinancialYear, present: FinancialYear) -> list[Part]:
    """The parts of the briefing of a council's year; what is due is told in the present year."""
    due = [_due(found)] if year == present else []
    return [
        _projects("led", _("Led"), LED, found.things[Kind.LED]),
        _projects("joined", _("Joined"), JOINED, found.things[Kind.JOINED]),
        _gave(found),
        _came_of_it(found),
        _measured(found),
        _learned(found),
        _answers(found),
        *due,
    ]


def _projects(key: str, heading: str, words: tuple[str, str], things: Things) -> Part:
    """How many projects, and some of them with where they stand."""
    sentences = (say(Words(*words, n=things.number)),)
    return part(key, heading, sentences=sentences, points=map(_with_status, things.named))


def _with_status(one: Named) -> str:
    return _of(one.title, one.language, say(STATUS_NAMES[ProjectStatus(one.status)]))


def _of(title: str, language: str, said: str) -> Markup:
    return Markup("{}: {}").format(marked(title, language), said)


def _gave(found: YearOfCouncil) -> Part:
    """What it promised and gave, days and pounds apart."""
    rows = tuple(
        (gettext(name), days(getattr(found.time, measure)), pounds(getattr(found.funding, measure)))
        for measure, name in (("pledged", _("Pledged")), ("committed", _("Committed")), ("delivered", _("Delivered")))
    )
    table = Table((gettext(_("In the year")), gettext(_("Days")), gettext(_("Pounds"))), rows)
    return part("gave", _("What it gave"), table=table)


def _came_of_it(found: YearOfCouncil) -> Part:
    points = [
        marked(
            f"{one.title}: {' '.join(opening(one.outcome_html, MOST_OUTCOME).paragraphs)}".rstrip(": "), one.language
        )
        for one in found.finished
    ]
    none = "" if points else gettext(_("No project it led or joined was finished in the year."))
    return part("came-of-it", _("What came of it"), sentences=(none,), points=points)


def _measured(found: YearOfCouncil) -> Part:
    """What was achieved, as far as it was measured in the year."""
    one = found.achieved
    gives = [
        say(benefit_words(unit, value))
        for unit, value in ((Unit.DAYS, one.half_days), (Unit.POUNDS, one.pence))
        if value is not None
    ]
    sentences = (
        say(Words(*READ, n=one.read, met=one.met)) if one.read else "",
        say(Words(_("The council says the work gives it {amounts}."), amounts=", ".join(gives))) if gives else "",
        "" if one.read or gives else gettext(_("Nothing was measured in the year.")),
    )
    points = [
        _of(f"{of.title}. {of.terms.name}", of.language, outcome_shortly(of.terms, of.latest)) for of in one.named
    ]
    return part("measured", _("What was measured"), sentences=sentences, points=points)


def _learned(found: YearOfCouncil) -> Part:
    lines = [
        say_marked(Words(*words, n=things.number, titles=_titles(things)))
        for words, things in (
            (SHARED, found.things[Kind.SHARED]), (ADOPTED, found.things[Kind.ADOPTED]),
            (LESSONS, found.things[Kind.LESSON]),
        )
        if things.number
    ]  # fmt: skip
    none = gettext(_("It shared and adopted no document, and wrote down no lesson."))
    return part("learned", _("Documents and lessons"), sentences=lines or [none])


def _titles(things: Things) -> Markup:
    titles = Markup("; ").join(marked(one.title, one.language) for one in things.named)
    return titles + (" …" if things.number > len(things.named) else "")


def _answers(found: YearOfCouncil) -> Part:
    none = gettext(_("The leads of its projects owed no answers."))
    words = Words(*OWED, n=found.answers_owed, in_time=found.answers_in_time)
    return part("answers", _("Answers"), sentences=(say(words) if found.answers_owed else none,))


def _due(found: YearOfCouncil) -> Part:
    points = [*_to_come(found.time, found.funding), *_dated(found, Kind.DECISION), *_dated(found, Kind.REVIEW)]
    return part("due", _("What is due"), sentences=() if points else (gettext(_("Nothing is due.")),), points=points)


def _to_come(time: Given, funding: Given) -> Iterable[str]:
    if time.to_come:
        yield say(Words(_("{days} days are committed and still to come."), days=days(time.to_come)))
    if funding.to_come:
        yield say(Words(_("{pounds} is committed and still to come."), pounds=pounds(funding.to_come)))


def _dated(found: YearOfCouncil, kind: Kind) -> Iterable[str]:
    words = _("{title}: decided by {day}") if kind is Kind.DECISION else _("{title}: to be reviewed by {day}")
    return [
        say_marked(Words(words, title=marked(one.title, one.language), day=uk_date(one.day)))
        for one in found.things[kind].named
    ]
