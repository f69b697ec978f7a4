"""The made-up rows of a benchmark: officers, projects, needs, pledges, updates and events that agree with each other.

Rows are plain tuples of what both databases take as it stands: text, numbers and None. Sums and counters are worked out
from the pledges by the rules of pledges, so that `flask reconcile` finds nothing to mend.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from uuid import UUID

import orjson

from benchmarks.words import Writer
from pipeline.councils.rules import counts_as_council
from pipeline.kernel.event import Audience, Event
from pipeline.kernel.text import slug_from
from pipeline.pledges.events import PledgeAccepted, PledgeAuthorised, PledgeEvent, PledgeOffered
from pipeline.pledges.rules import PARTNERING, Capacity, PledgeStatus, financial_year
from pipeline.projects.events import ProjectPublished, UpdatePublished
from pipeline.projects.nearly import NeedProgress, is_nearly_there
from pipeline.projects.rules import NeedKind
from pipeline.projects.vocabulary import PHASES, PROFESSIONS, THEMES
from pipeline.search.facets import facet_words, month_word
from pipeline.search.models import EntryKind
from pipeline.search.words import plain

OFFICERS = 4_000
NEEDS_EACH = 3
PLEDGES_EACH = 8
THEMES_EACH = 2
OPENED = 200
"""Projects that the page benchmark opens: they have five updates and the whole history of their pledges."""
UPDATES_OF_OPENED = 5
ONE_IN_SO_MANY_HAS_AN_UPDATE = 10
DAYS_BACK = 1_000
OPEN_FOR_DAYS = 240
UNUSABLE_PASSWORD = "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$unusable"

TITLES = {NeedKind.FUNDING: "Money for the first phase", NeedKind.IN_KIND: "Test groups"}

Row = tuple[object, ...]

COLUMNS: dict[str, tuple[str, ...]] = {
    "officer": (
        "id", "version", "revision", "address", "person_key", "password_hash", "name", "job_title", "is_named",
        "language", "created_at", "verified_at",
    ),
    "membership": ("id", "officer_id", "council_id", "asked_at", "started_at"),
    "membership_role": ("id", "membership_id", "role", "given_at"),
    "project": (
        "id", "version", "revision", "slug", "council_id", "title", "summary", "problem", "problem_html",
        "language", "phase", "status", "mode", "decision_on", "least_councils", "is_under_way", "is_past",
        "outcome", "outcome_html", "is_trial", "is_hidden", "is_public", "is_recorded", "is_made_up", "sources",
        "created_at", "published_at", "updated_at", "councils", "held_half_days", "held_pence",
        "pledged_half_days", "pledged_pence", "agreed_half_days", "agreed_pence", "committed_half_days",
        "committed_pence", "agreed_councils", "is_nearly_there",
    ),
    "project_theme": ("project_id", "theme", "position"),
    "project_person": ("id", "project_id", "officer_id", "council_id", "role", "started_at"),
    "need": (
        "id", "version", "revision", "project_id", "position", "kind", "profession", "thing", "title",
        "description", "target", "is_essential", "is_capped", "status", "created_at", "updated_at", "held",
        "pledged", "agreed", "committed", "delivered",
    ),
    "pledge": (
        "id", "version", "revision", "project_id", "need_id", "council_id", "officer_id", "kind", "amount",
        "status", "from_on", "to_on", "first_financial_year", "last_financial_year", "spending", "worth_pence",
        "message", "sign_off_by", "reason", "offered_at", "authorised_at", "accepted_at", "ended_at",
        "updated_at", "committed_at", "is_counting", "is_agreed", "person_key",
    ),
    "authorisation": ("id", "pledge_id", "officer_id", "council_id", "capacity", "authorised_at"),
    "project_update": (
        "id", "version", "revision", "project_id", "title", "body", "body_html", "language", "status",
        "officer_id", "council_id", "created_at", "updated_at", "published_at",
    ),
    "search_entry": (
        "place", "kind", "subject_id", "project_id", "published_at", "closes_on", "facets", "title", "summary", "body",
    ),
    "search_word": ("word", "entries"),
    "search_gram": ("gram", "word"),
    "listener_place": ("name", "sequence"),
    "event": (
        "sequence", "id", "name", "version", "occurred_at", "officer_id", "council_id", "channel",
        "subject_type", "subject_id", "project_id", "audience", "payload",
    ),
}  # fmt: skip
"""The columns that are given. The others of these tables are empty."""

STATUSES = (*(PledgeStatus.ACCEPTED,) * 3, *(PledgeStatus.AUTHORISED,) * 3, PledgeStatus.OFFERED)
ENDED_STATUSES = (PledgeStatus.WITHDRAWN, PledgeStatus.DECLINED, PledgeStatus.REFUSED, PledgeStatus.LAPSED)
BOUND = (PledgeStatus.ACCEPTED, PledgeStatus.COMMITTED)
ADDS_TO = ((PledgeStatus.OFFERED, PledgeStatus.AUTHORISED, *BOUND), (PledgeStatus.AUTHORISED, *BOUND), BOUND, BOUND[1:])
"""Which pledges without conditions are held, pledged, agreed and committed."""
NEED_OF_PLEDGE = (0, 0, 0, 1, 1, 1, 2, 2)
AMOUNTS = {NeedKind.TIME: (40, 1), NeedKind.FUNDING: (400, 5_000), NeedKind.IN_KIND: (9, 1)}
"""The most of a unit that a pledge of each kind is of, and that unit in half-days, pence or things."""


@dataclass(frozen=True, slots=True)
class SeedCouncil:
    """What is needed of a council of the register. `officer_ids` begin with two authorisers and a council admin."""

    id: str
    slug: str
    kind: str
    nation: str = ""
    region: str = ""
    officer_ids: list[str] = field(default_factory=list)

    @property
    def offering(self) -> list[str]:
        """Officers who offer: plain members."""
        return self.officer_ids[3:]


@dataclass(slots=True)
class Counted:
    """Counters that are known when all projects are made."""

    led: Counter[str] = field(default_factory=Counter)
    joined: Counter[str] = field(default_factory=Counter)
    words: Counter[str] = field(default_factory=Counter)
    last_sequence: int = 0


def text_of(moment: datetime) -> str:
    """A moment as the tables keep it; PostgreSQL reads the same text."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Seeder:
    """Makes the rows. The same numbers on the same day give the same rows."""

    def __init__(self, councils: list[SeedCouncil], number: int, first_sequence: int, now: datetime) -> None:
        self.councils = councils
        self.number = number
        self.now = now
        self.today = now.date()
        self.random = Random(number)
        self.writer = Writer(number)
        self.counted = Counted(last_sequence=first_sequence)
        self.opened_every = max(number // OPENED, 1)
        self.rows: dict[str, list[Row]] = {}

    def new_id(self, moment: datetime) -> str:
        """A UUIDv7 of a moment, as text."""
        bits = self.random.getrandbits(74)
        stamp = int(moment.timestamp() * 1000)
        digits = f"{stamp << 80 | 0x7 << 76 | (bits >> 62) << 64 | 0b10 << 62 | bits & (2**62 - 1):032x}"
        return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"

    def is_opened(self, place: int) -> bool:
        """Whether the page benchmark opens this project."""
        return place % self.opened_every == 0

    # --- people ---

    def people(self) -> dict[str, list[Row]]:
        """Officers of every council with their places and roles."""
        self.rows = {name: [] for name in ("officer", "membership", "membership_role")}
        then = self.now - timedelta(days=DAYS_BACK + 100)
        for place in range(OFFICERS):
            self._officer(place, self.councils[place % len(self.councils)], then)
        return self.rows

    def _officer(self, place: int, council: SeedCouncil, then: datetime) -> None:
        officer_id, membership_id, at = self.new_id(then), self.new_id(then), text_of(then)
        address = f"officer{place}@{council.slug}.example"
        who = (f"Sam Example{place}", "Digital officer", int(place % 3 == 0))
        self.rows["officer"].append((officer_id, 1, 1, address, address, UNUSABLE_PASSWORD, *who, "en", at, at))
        self.rows["membership"].append((membership_id, officer_id, council.id, at, at))
        role = ("authoriser", "authoriser", "council-admin")[len(council.officer_ids) : len(council.officer_ids) + 1]
        if role:
            self.rows["membership_role"].append((self.new_id(then), membership_id, role[0], at))
        council.officer_ids.append(officer_id)

    # --- projects ---

    def projects(self, batch: int = 1_000) -> Iterator[dict[str, list[Row]]]:
        """Projects and all that is in them, oldest first, in batches of rows by table."""
        names = [name for name in COLUMNS if name not in ("officer", "membership", "membership_role")]
        for start in range(0, self.number, batch):
            self.rows = {name: [] for name in names}
            for place in range(start, min(start + batch, self.number)):
                self._project(place)
            yield self.rows

    def _project(self, place: int) -> None:
        created = self.now - timedelta(days=DAYS_BACK * (1 - place / self.number), seconds=600)
        lead = self.random.choice(self.councils)
        others = [council for council in self.random.sample(self.councils, PLEDGES_EACH + 1) if council is not lead]
        made = _Project(self, place, created, lead)
        made.add_pledges(others[:PLEDGES_EACH])
        made.add_rows()
        self.counted.led[lead.id] += 1

    def event(self, event: Event, *, at: datetime, officer_id: str, council_id: str, audience: Audience) -> None:
        """A row of the event log, next in sequence."""
        self.counted.last_sequence += 1
        project_id = getattr(event, "project_id", None)
        self.rows["event"].append((
            self.counted.last_sequence, self.new_id(at), event.name, event.version, text_of(at), officer_id,
            council_id, "web", event.subject_type, str(event.subject_id), project_id and str(project_id),
            audience.value, orjson.dumps(event.payload()).decode(),
        ))  # fmt: skip


class _Project:
    """One project while it is made."""

    def __init__(self, seeder: Seeder, place: int, created: datetime, lead: SeedCouncil) -> None:
        self.seeder, self.random, self.place = seeder, seeder.random, place
        self.created, self.at, self.lead = created, text_of(created), lead
        self.id = seeder.new_id(created)
        self.lead_id = self.random.choice(lead.officer_ids)
        self.is_open = seeder.now - created < timedelta(days=OPEN_FOR_DAYS)
        self.updated = created
        self.kinds = (NeedKind.TIME, NeedKind.FUNDING, self.random.choice((NeedKind.TIME, NeedKind.IN_KIND)))
        self.need_ids = [seeder.new_id(created) for _ in range(NEEDS_EACH)]
        self.sums = [[0, 0, 0, 0] for _ in range(NEEDS_EACH)]
        self.progress: list[NeedProgress] = []
        self.counting: set[str] = set()
        self.agreeing: set[str] = set()
        self.themes = [theme.value for theme in self.random.sample(THEMES, THEMES_EACH)]
        self.phase = self.random.choice(PHASES[:5]).value
        self.mode = "all_or_nothing" if self.is_open else "flexible"
        self.decision_on = seeder.today + timedelta(days=self.random.randint(60, 100)) if self.is_open else None
        if seeder.is_opened(place):
            self._event_published()

    # --- pledges ---

    def add_pledges(self, councils: list[SeedCouncil]) -> None:
        statuses = [*STATUSES, self.random.choice(ENDED_STATUSES)]
        self.random.shuffle(statuses)
        for council, status, need in zip(councils, statuses, NEED_OF_PLEDGE, strict=True):
            self._pledge(council, status, need)

    def _pledge(self, council: SeedCouncil, status: PledgeStatus, need: int) -> None:
        random, kind = self.random, self.kinds[need]
        if status is PledgeStatus.ACCEPTED and not self.is_open:
            status = PledgeStatus.COMMITTED
        most, unit = AMOUNTS[kind]
        amount = random.randint(1, most) * unit
        life = (self.seeder.now - self.created) / 4
        offered = self.created + life * (1 + random.random())
        was_authorised = status in (PledgeStatus.AUTHORISED, *BOUND, PledgeStatus.DECLINED)
        authorised = offered + life * random.random() if was_authorised else None
        accepted = offered + life * 1.5 if status in BOUND else None
        ended = offered + life * 1.6 if status in ENDED_STATUSES else None
        updated = ended or accepted or authorised or offered
        self.updated = max(self.updated, updated)
        self._settle(need, council, status, amount)
        pledge_id, officer_id = self.seeder.new_id(offered), random.choice(council.offering)
        year = financial_year(self.seeder.today)
        self.seeder.rows["pledge"].append((
            pledge_id, 1, 2, self.id, self.need_ids[need], council.id, officer_id, kind.value, amount, status.value,
            *_when(kind, self.seeder.today, year), "", str(self._sign_off(status, offered)),
            "Made up." if ended else None, text_of(offered),
            *(moment and text_of(moment) for moment in (authorised, accepted, ended)), text_of(updated),
            text_of(accepted) if accepted and status is PledgeStatus.COMMITTED else None,
            int(status in ADDS_TO[1]), int(status in BOUND), "",
        ))  # fmt: skip
        if authorised:
            row_id, at = self.seeder.new_id(authorised), text_of(authorised)
            row = (row_id, pledge_id, council.officer_ids[0], council.id, Capacity.BUDGET_HOLDER.value, at)
            self.seeder.rows["authorisation"].append(row)
        if self.seeder.is_opened(self.place):
            self._pledge_events(council, pledge_id, need, amount, (offered, officer_id), authorised, accepted)

    def _sign_off(self, status: PledgeStatus, offered: datetime) -> date:
        """An offer still has weeks; what was decided had them."""
        base = self.seeder.today if status is PledgeStatus.OFFERED else offered.date()
        return base + timedelta(days=self.random.randint(21, 60))

    def _settle(self, need: int, council: SeedCouncil, status: PledgeStatus, amount: int) -> None:
        """Add a pledge without conditions to the sums it is a part of."""
        for place, statuses in enumerate(ADDS_TO):
            self.sums[need][place] += amount if status in statuses else 0
        if counts_as_council(council.kind):
            self.counting |= {council.id} if status in ADDS_TO[1] else set()
            self.agreeing |= {council.id} if status in BOUND else set()
        if status in PARTNERING:
            self.seeder.counted.joined[council.id] += 1

    # --- events of the projects that are opened ---

    def _event_published(self) -> None:
        event = ProjectPublished(
            project_id=UUID(self.id), lead_council_id=UUID(self.lead.id), phase=self.phase, mode=self.mode,
            themes=tuple(self.themes), decision_on=self.decision_on, need_ids=tuple(map(UUID, self.need_ids)),
            changes={"status": ["draft", "open"]},
        )  # fmt: skip
        self._log(event, self.created, self.lead_id, self.lead.id)

    def _pledge_events(
        self, council: SeedCouncil, pledge_id: str, need: int, amount: int, offer: tuple[datetime, str],
        authorised: datetime | None, accepted: datetime | None,
    ) -> None:  # fmt: skip
        at, officer_id = offer
        what = {
            "pledge_id": UUID(pledge_id), "need_id": UUID(self.need_ids[need]), "project_id": UUID(self.id),
            "pledging_council_id": UUID(council.id), "kind": self.kinds[need].value, "amount": amount,
        }  # fmt: skip
        sign_off_by = at.date() + timedelta(days=28)
        offered = PledgeOffered(**what, sign_off_by=sign_off_by, changes={"status": [None, "offered"]})
        self._log(offered, at, officer_id, council.id, Audience.PROJECT)
        steps: tuple[tuple[type[PledgeEvent], datetime | None, list[str], str, str], ...] = (
            (PledgeAuthorised, authorised, ["offered", "authorised"], council.officer_ids[0], council.id),
            (PledgeAccepted, accepted, ["authorised", "accepted"], self.lead_id, self.lead.id),
        )
        for event, moment, change, who, whose in steps:
            if moment:
                self._log(event(**what, changes={"status": change}), moment, who, whose)

    def _log(
        self, event: Event, at: datetime, officer_id: str, council_id: str, audience: Audience = Audience.PUBLIC
    ) -> None:
        self.seeder.event(event, at=at, officer_id=officer_id, council_id=council_id, audience=audience)

    # --- rows ---

    def add_rows(self) -> None:
        writer, rows = self.seeder.writer, self.seeder.rows
        title, summary, problem = writer.title(), writer.summary(), writer.text(5)
        html = "".join(f"<p>{part}</p>\n" for part in (" ".join(problem[:3]), " ".join(problem[3:])))
        time, money = self._in_units()
        titles = [self._need(position) for position in range(NEEDS_EACH)]
        rows["project"].append((
            self.id, 1, 1 + PLEDGES_EACH, f"{slug_from(title, 70)}-{self.place}", self.lead.id, title, summary,
            " ".join(problem[:3]) + "\n\n" + " ".join(problem[3:]), html, "en", self.phase,
            "open" if self.is_open else "going_ahead", self.mode, self.decision_on and str(self.decision_on),
            2 if self.is_open else 0, int(not self.is_open), 0, "", "", 0, 0, 1, 0, 0, "[]", self.at, self.at,
            text_of(self.updated), len(self.counting),
            *(pair for both in zip(time, money, strict=True) for pair in both), len(self.agreeing),
            int(is_nearly_there(self.progress)),
        ))  # fmt: skip
        rows["project_theme"] += [(self.id, theme, position) for position, theme in enumerate(self.themes)]
        person = (self.seeder.new_id(self.created), self.id, self.lead_id, self.lead.id, "lead", self.at)
        rows["project_person"].append(person)
        body = "\n".join([*problem, *titles])
        self.seeder.counted.words.update(set(plain(f"{title} {summary} {body}").split()))
        rows["search_entry"].append((
            self.place + 1, EntryKind.PROJECT.value, self.id, self.id, self.at,
            self.decision_on and str(self.decision_on), self._facets(), plain(title), plain(summary), plain(body),
        ))  # fmt: skip
        self._updates()

    def _facets(self) -> str:
        lead = self.lead
        facets = facet_words({
            "kind": [EntryKind.PROJECT], "theme": self.themes, "phase": [self.phase], "council_kind": [lead.kind],
            "nation": [lead.nation], "region": [lead.region], "need": sorted({kind.value for kind in self.kinds}),
            "year": [str(self.created.year)],
        })  # fmt: skip
        return f"{facets} {month_word(self.created)}"

    def _in_units(self) -> tuple[list[int], list[int]]:
        """Held, pledged, agreed and committed of the whole project, in half-days and in pence."""
        time, money = [0, 0, 0, 0], [0, 0, 0, 0]
        for kind, sums in zip(self.kinds, self.sums, strict=True):
            total = {NeedKind.TIME: time, NeedKind.FUNDING: money}.get(kind)
            if total is not None:
                total[:] = [one + other for one, other in zip(total, sums, strict=True)]
        return time, money

    def _need(self, position: int) -> str:
        """A need; the first takes any amount, so that anybody can offer towards it."""
        kind, sums, random = self.kinds[position], self.sums[position], self.random
        is_capped = position > 0 and random.random() < 0.5
        target = max(sums[0] + random.randint(1, 20) * (5_000 if kind is NeedKind.FUNDING else 1), 1)
        profession = random.choice(PROFESSIONS) if kind is NeedKind.TIME else None
        title = profession.en if profession else TITLES[kind]
        self.seeder.rows["need"].append((
            self.need_ids[position], 1, 1, self.id, position, kind.value, profession and profession.value,
            "test group" if kind is NeedKind.IN_KIND else None, title, self.seeder.writer.summary(), target,
            int(position == 0), int(is_capped), "open", self.at, text_of(self.updated), *sums, 0,
        ))  # fmt: skip
        self.progress.append(NeedProgress(True, position == 0, sums[1], target))
        return title

    def _updates(self) -> None:
        is_opened = self.seeder.is_opened(self.place)
        number = UPDATES_OF_OPENED if is_opened else int(self.place % ONE_IN_SO_MANY_HAS_AN_UPDATE == 0)
        for place in range(number):
            at = self.created + (self.seeder.now - self.created) * ((place + 1) / (UPDATES_OF_OPENED + 2))
            update_id, moment, text = self.seeder.new_id(at), text_of(at), self.seeder.writer.text(4)
            html = f"<p>{' '.join(text)}</p>\n"
            self.seeder.rows["project_update"].append((
                update_id, 1, 1, self.id, text[0][:100], " ".join(text), html, "en", "published", self.lead_id,
                self.lead.id, moment, moment, moment,
            ))  # fmt: skip
            if is_opened:
                changes = {"status": ["draft", "published"]}
                event = UpdatePublished(update_id=UUID(update_id), project_id=UUID(self.id), changes=changes)
                self._log(event, at, self.lead_id, self.lead.id)


def _when(kind: NeedKind, today: date, year: int) -> tuple[object, ...]:
    """from_on, to_on, first and last financial year, spending, worth: what each kind of pledge says."""
    if kind is NeedKind.TIME:
        return str(today + timedelta(days=60)), str(today + timedelta(days=120)), None, None, None, None
    if kind is NeedKind.FUNDING:
        return None, None, year, year, "revenue", None
    return None, None, None, None, None, 50_000


def the_present() -> datetime:
    """Now, as seeds take it."""
    return datetime.now(UTC)
