"""A project for senior managers, on one page: nothing but what the project holds, and what it does not say."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from pipeline.artefacts.queries.library import documents_of_project
from pipeline.briefings.authority import authority_of_own_council
from pipeline.db.work import Reading
from pipeline.documents.excerpts import opening
from pipeline.http.identity import current_identity
from pipeline.http.language import gettext, say
from pipeline.kernel.clock import uk_date as day_of
from pipeline.kernel.words import Words, _
from pipeline.lessons.queries.panels import lessons_of_project
from pipeline.measures.queries import measures_of
from pipeline.pledges.messages import amount_words
from pipeline.pledges.queries import PledgeShown, parts_given, pledges_shown_on
from pipeline.projects.freshness import Freshness
from pipeline.projects.messages import answers_words
from pipeline.projects.page import NeedOnPage, ProjectPage
from pipeline.projects.rules import Mode, NeedKind, NeedStatus, ProjectStatus
from pipeline.spare_capacity.matching import Wanted, fits
from pipeline.spare_capacity.policy import may_see_spare_capacity
from pipeline.spare_capacity.queries import listed_by_own_council, spare_of
from pipeline.web import going_ahead
from pipeline.web import project_page as shown
from pipeline.web.briefings.parts import Part, Table, marked, part, say_marked
from pipeline.web.limits import limit_words
from pipeline.web.measures_shown import says, says_shortly

MOST_PROBLEM = 600
MOST_OUTCOME = 400
"""Characters of what the project says itself: the page is one page."""
MOST_POINTS = 4
MOST_NEEDS = 5
MOST_NAMED = 3
MOST_MEASURES = 2
REST = _("The rest is on the project’s page.")


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom a briefing is for: the reader's council. Both are empty where it is not known."""

    slug: str = ""
    name: str = ""


def parts_of(reading: Reading, page: ProjectPage) -> list[Part]:
    """The parts of a project's briefing."""
    pledges = pledges_shown_on(reading, page.id)
    asked, is_over = _asked(), _is_over(page)
    return [
        _problem(page),
        _gives(reading, page),
        _measured(reading, page),
        _who_is_in(reading, page, pledges),
        _what_is_asked(reading, page, pledges, asked),
        *([] if is_over and not page.needs else [_cost(page)]),
        *([] if is_over else [_risks(page, pledges), _if_we_wait(reading, page)]),
    ]


def _is_over(page: ProjectPage) -> bool:
    """Whether the work has ended, or is a record of the past: nothing is at risk any more, and nothing waits."""
    return page.status in going_ahead.ENDED or page.is_recorded


def _asked() -> Asked:
    identity = current_identity()
    place = identity.place if identity else None
    return Asked(place.slug, place.short_name) if place and not place.is_waiting else Asked()


def _problem(page: ProjectPage) -> Part:
    """The problem, in the words of those who have it."""
    said = opening(page.problem_html, MOST_PROBLEM)
    missing = "" if said.paragraphs else gettext(_("The project does not say what the problem is."))
    rest = "" if said.is_whole else gettext(REST)
    return part("problem", _("The problem"), quoted=said.paragraphs, sentences=(missing, rest))


def _gives(reading: Reading, page: ProjectPage) -> Part:
    """What it would give, or gave: in its own words, with the documents and lessons there are."""
    outcome = opening(page.outcome_html, MOST_OUTCOME)
    quoted = outcome.paragraphs or tuple(filter(None, [page.summary]))
    is_over = _is_over(page)
    missing = ""
    if is_over and not outcome.paragraphs and page.status is not ProjectStatus.LAPSED:
        missing = gettext(_("The project does not say what came of it."))
    elif not quoted:
        missing = gettext(_("The project does not say what it would give."))
    documents = [one for one in documents_of_project(reading, page.id) if one.current_number is not None]
    lessons = [one for one in lessons_of_project(reading, page.id) if one.published_at]
    named = [
        say_marked(Words(words, titles=_titles([marked(one.title, one.language or "") for one in things])))
        for words, things in ((_("Shared documents: {titles}."), documents), (_("Lessons: {titles}."), lessons))
        if things
    ]
    heading = _("What it was for") if is_over else _("What it would give us")
    return part(
        "gives", _("What came of it") if outcome.paragraphs else heading, quoted=quoted, sentences=(missing, *named)
    )


def _measured(reading: Reading, page: ProjectPage) -> Part:
    """What is measured: where it began, what was read last, and the target."""
    standing = [line for line in measures_of(reading, page.id) if line.ended_at is None]
    shortly = len(standing) > 1
    points: list[str] = [
        Markup("{}: {}").format(marked(line.terms.name, page.language), says_shortly(line) if shortly else says(line))
        for line in standing
    ]
    none = _("The project measured nothing.") if _is_over(page) else _("The project does not measure anything yet.")
    return part(
        "measured", _("What is measured"), sentences=() if standing else (gettext(none),),
        points=_so_many(points, MOST_MEASURES),
    )  # fmt: skip


def _titles(titles: Sequence[Markup]) -> Markup:
    return Markup("; ").join(titles[:MOST_NAMED]) + (" …" if len(titles) > MOST_NAMED else "")


def _so_many(points: Sequence[str], most: int) -> list[str]:
    """Points that have room on the page, and where the rest is."""
    return [*points[:most], *([gettext(REST)] if len(points) > most else [])]


def _who_is_in(reading: Reading, page: ProjectPage, pledges: list[PledgeShown]) -> Part:
    """The councils that are in, and what others gave before they left: together they are what is pledged."""
    words = _("{council}: {amount} given, and no more to come.")
    given = [
        say(Words(words, council=name, amount=amount_words(kind, amount, thing)))
        for name, kind, amount, thing in parts_given(reading, page.id)
    ]
    councils = shown.who_is_in(page, pledges)
    points = [
        f"{one.name}: {', '.join(said for _id, said in one.pledges)}" if one.pledges else one.name for one in councils
    ]
    over = len(points) - MOST_POINTS
    more = [say(Words(_("and {n} more council"), _("and {n} more councils"), n=over))] if over > 0 else []
    interest = [f"{said}." for said, _councils in shown.interest_in(page)]
    leads, nobody = _("{council} leads it."), _("No other council is in yet.")
    if _is_over(page):
        leads, nobody = _("{council} led it."), _("No other council was in it.")
    return part(
        "who", _("Who was in") if _is_over(page) else _("Who is in"), points=[*points[:MOST_POINTS], *more],
        sentences=(
            say(Words(leads, council=page.council_name)),
            "" if councils else gettext(nobody),
            *given[:MOST_POINTS],
            *interest,
        ),
    )  # fmt: skip


def _takes_pledges(page: ProjectPage) -> bool:
    runs = page.status in shown.TAKES_PLEDGES and not page.keeps_documents
    return runs and not (page.is_waiting or page.is_hidden or page.is_recorded or page.is_trial)


def _what_is_asked(reading: Reading, page: ProjectPage, pledges: list[PledgeShown], asked: Asked) -> Part:
    """What the reader's council is asked for, what it gave already, and who in it could agree."""
    wanted = [need for need in page.needs if need.status is NeedStatus.OPEN and _lacking(need) > 0]
    sentences: list[str] = []
    points: list[str] = []
    if asked.slug == page.council_slug and not _is_over(page):
        sentences.append(say(Words(_("{council} leads it."), council=asked.name)))
    sentences += _own_pledges(page, pledges, asked)
    if not _takes_pledges(page):
        sentences.append(going_ahead.ended_words(page) or gettext(_("It takes no pledges now.")))
    elif wanted:
        essential_first = sorted(wanted, key=lambda need: not need.is_essential)
        points = _so_many([_need_words(page, need) for need in essential_first], MOST_POINTS)
        sentences += _how_to_agree(reading, page, wanted, asked)
    else:
        sentences.append(gettext(_("All that it asks for is pledged.") if page.needs else _("It asks for nothing.")))
    words = _("What is asked of {council}") if asked.name else _("What is asked of your council")
    heading = say(Words(words, council=asked.name))
    return Part("asked", heading, points=tuple(points), sentences=tuple(sentences))


def _lacking(need: NeedOnPage) -> int:
    """What is still to find: where there is a cap the room that is left, otherwise what is not yet pledged."""
    return need.room if need.is_capped else need.target - need.pledged


def _amount(need: NeedOnPage, number: int) -> Words:
    return amount_words(need.kind, number, need.thing or "")


def _need_words(page: ProjectPage, need: NeedOnPage) -> str:
    words = _("{need}: {amount} still to find, essential") if need.is_essential else _("{need}: {amount} still to find")
    return say_marked(Words(words, need=marked(need.title, page.language), amount=_amount(need, _lacking(need))))


def _own_pledges(page: ProjectPage, pledges: list[PledgeShown], asked: Asked) -> list[str]:
    own = [council for council in shown.who_is_in(page, pledges) if council.slug == asked.slug]
    return [
        say(Words(_("{council} has pledged: {amounts}."), council=asked.name, amounts=", ".join(amounts)))
        for council in own
        if (amounts := [words for _id, words in council.pledges])
    ]


def _how_to_agree(reading: Reading, page: ProjectPage, wanted: list[NeedOnPage], asked: Asked) -> Iterable[str]:
    if not asked.slug:
        words = _(
            "Choose a need and say what your council could give. Somebody with authority in your council agrees to it, "
            "then the leads accept it. Until then nothing is promised."
        )
        yield gettext(words)
        return
    fitting = _fitting(reading, page, wanted)
    if fitting:
        words = _("It fits what {council} lists as spare: {needs}.")
        yield say_marked(
            Words(words, council=asked.name, needs=_titles([marked(one, page.language) for one in fitting]))
        )
    authority = authority_of_own_council(reading)
    if not authority.authorisers:
        yield gettext(_("No officer of the council is set up to authorise pledges. An offer names who can."))
        return
    one, many = (
        _("{n} officer of the council can authorise a pledge. Limits: {limits}."),
        _("{n} officers of the council can authorise a pledge. Limits: {limits}."),
    )
    limits = "; ".join(limit_words(limit) for limit in authority.limits)
    yield say(Words(one, many, n=authority.authorisers, limits=limits))


def _fitting(reading: Reading, page: ProjectPage, wanted: list[NeedOnPage]) -> list[str]:
    """The needs that something fits which the reader's council lists as spare."""
    if not may_see_spare_capacity(reading.actor):
        return []
    today = day_of(reading.now)
    spares = [spare_of(row) for row in listed_by_own_council(reading)]
    waits = page.status is ProjectStatus.OPEN and page.mode == Mode.ALL_OR_NOTHING
    own = str(reading.actor.council_id)
    found = []
    for need in wanted:
        as_wanted = Wanted(
            council=str(page.council_id), kind=need.kind.value, is_taking=True, profession=need.profession,
            thing=need.thing, room=need.room if need.is_capped else None,
            decides_on=shown.day_in(page.decision_on) if waits else None,
        )  # fmt: skip
        if any(fits(spare, own, as_wanted, today) for spare in spares):
            found.append(need.title)
    return found


def _cost(page: ProjectPage) -> Part:
    """What it asks for in officer time, money and things, and how much of it is pledged and agreed."""
    if not page.needs:
        return part("cost", _("Cost"), sentences=(gettext(_("The project does not say what it costs.")),))
    header = tuple(gettext(words) for words in (_("Need"), _("Asked for"), _("Pledged"), _("Agreed")))
    needs = sorted(page.needs, key=lambda need: not need.is_essential)
    rows = tuple(
        (
            marked(need.title, page.language),
            *(say(_amount(need, number)) for number in (need.target, need.pledged, need.agreed)),
        )
        for need in needs[:MOST_NEEDS]
    )
    totals = [
        say(amount_words(kind, total))
        for kind in (NeedKind.TIME, NeedKind.FUNDING)
        if (total := sum(need.target for need in page.needs if need.kind is kind))
    ]
    asks_money = any(need.kind is NeedKind.FUNDING for need in page.needs)
    in_all, no_money = _("In all it asks for {amounts}."), _("It asks for no money.")
    if _is_over(page):
        in_all, no_money = _("In all it asked for {amounts}."), _("It asked for no money.")
    return part(
        "cost", _("Cost"), table=Table(header, rows),
        sentences=(
            say(Words(in_all, amounts=", ".join(totals))) if totals else "", "" if asks_money else gettext(no_money),
            gettext(REST) if len(needs) > MOST_NEEDS else "",
        ),
    )  # fmt: skip


def _risks(page: ProjectPage, pledges: list[PledgeShown]) -> Part:
    """What could go wrong, as far as what is kept shows it."""
    is_silent = page.freshness is not Freshness.FRESH or page.is_frozen
    sentences = shown.freshness_shown(page) if is_silent else []
    waiting = sum(pledge.is_waiting for pledge in pledges)
    if waiting:
        words = Words(_("{n} pledge waits for others."), _("{n} pledges wait for others."), n=waiting)
        sentences.append(say(words))
    if page.has_changed_terms:
        sentences.append(gettext(_("Its terms or its date have changed since it was published.")))
    if page.status in shown.TAKES_PLEDGES:
        days = page.answers_in_days
        soon = gettext(_("There are too few answers to say how soon the leads answer."))
        sentences.append(say(answers_words(days)) if days is not None else soon)
    points: list[str] = []
    go_ahead = going_ahead.how_it_stands(page, pledges)
    if go_ahead is not None and not go_ahead.is_passing:
        sentences.append(go_ahead.summary)
        points = go_ahead.missing
    elif page.status in shown.TAKES_PLEDGES:
        points = [_need_words(page, need) for need in page.needs if need.is_essential and need.pledged < need.target]
    if not points:
        sentences.append(gettext(_("The project names no other risk.")))
    return part("risks", _("Risks"), sentences=sentences, points=_so_many(points, MOST_NAMED))


def _if_we_wait(reading: Reading, page: ProjectPage) -> Part:
    """By when it is decided, and what lapses with that day."""
    return part("waiting", _("If we wait"), sentences=_waiting(reading, page))


def _waiting(reading: Reading, page: ProjectPage) -> Iterable[str]:
    if page.is_waiting:
        yield gettext(_("No date runs while it has no lead."))
    elif page.status is ProjectStatus.GOING_AHEAD:
        yield gettext(_("It is going ahead without waiting. Needs that are open still take pledges."))
    elif page.status in (ProjectStatus.OPEN, ProjectStatus.DRAFT):
        yield from _decision(reading, page)
    if _takes_pledges(page) and any(need.is_capped and need.room for need in page.needs):
        yield gettext(_("Some needs take no more than they ask for: offers are taken in the order they come."))


def _decision(reading: Reading, page: ProjectPage) -> Iterable[str]:
    day = shown.day_in(page.decision_on)
    if page.mode != Mode.ALL_OR_NOTHING or day is None:
        yield gettext(_("It has no decision date: work starts when the leads say so."))
        return
    yield shown.turning_point(page) or ""
    left = (day - day_of(reading.now)).days
    if left >= 0:
        yield say(Words(_("That is in {n} day."), _("That is in {n} days."), n=left))
    yield gettext(_("If it does not, it lapses and nobody is bound by what was pledged."))
