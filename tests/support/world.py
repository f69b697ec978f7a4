"""A small world in which everything that is not public holds one word, and everything public another."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from pipeline.accounts.models import SavedDraft
from pipeline.artefacts.checklists import points_of
from pipeline.artefacts.models import ChecklistAnswers, Suggestion, Version
from pipeline.comments.models import Comment, CommentText
from pipeline.councils.models import Council
from pipeline.imports.models import ImportLine, PortfolioImport
from pipeline.introductions.models import Introduction
from pipeline.kernel import clock
from pipeline.kernel.actor import Role
from pipeline.kernel.ids import new_id
from pipeline.lessons.models import Lesson, LessonText
from pipeline.moderation.models import Hiding, Report
from pipeline.notifications.preferences import How
from pipeline.pledges.models import Pledge
from pipeline.projects.handover_models import Handover
from pipeline.projects.models import Check, Need, Project, UpdateText
from pipeline.similarity.models import Difference, SimilarWork
from tests.artefacts.factories import Shelf
from tests.factories import Factory

SECRET = "zqxsecret"
CHOICES = frozenset(How)
"""Stands in every text that no reader without an account may meet."""


@dataclass(frozen=True, slots=True)
class World:
    """What was made, and where one would look for what is hidden in it."""

    slug: str
    pledge_id: str
    update_id: str
    need_id: str
    delivery_id: str
    hidden_paths: tuple[str, ...]
    public_paths: tuple[str, ...]
    interest_id: str = ""
    request_id: str = ""
    handover_id: str = ""
    difference_id: str = ""
    similar_id: str = ""
    question_id: str = ""
    adoption_id: str = ""
    suggestion_id: str = ""
    draft_id: str = ""
    import_id: str = ""
    webhook_id: str = ""
    check_id: str = ""
    comment_id: str = ""
    report_id: str = ""
    hiding_id: str = ""
    other_update_id: str = ""
    introduction_id: str = ""
    spare_capacity_id: str = ""
    message_id: str = ""
    failed_event_id: str = ""
    coordinator: tuple[Any, Any] = ()
    """A coordinator who works for the council that leads."""
    version_id: str = ""
    follow_id: str = ""
    project_id: str = ""
    measure_id: str = ""
    reading_id: str = ""
    people: tuple[tuple[Any, Any], ...] = ()
    """Officers of those who are in it, each with the council they act for: two of the lead council, one of the council
    that pledges, and one of that which uses the document."""

    @property
    def places(self) -> dict[str, str]:
        """What stands in the places of an address of the API: things of the world."""
        return {
            "code": "leadham", "slug": self.slug, "pledge_id": self.pledge_id, "update_id": self.update_id,
            "need_id": self.need_id, "delivery_id": self.delivery_id, "interest_id": self.interest_id,
            "request_id": self.request_id, "question_id": self.question_id, "number": "1",
            "adoption_id": self.adoption_id, "suggestion_id": self.suggestion_id, "draft_id": self.draft_id,
            "check_id": self.check_id, "council": "leadham", "import_id": self.import_id,
            "webhook_id": self.webhook_id, "follow_id": self.follow_id, "comment_id": self.comment_id,
            "report_id": self.report_id, "hiding_id": self.hiding_id, "handover_id": self.handover_id,
            "about_type": "update", "about_id": self.update_id,
            "introduction_id": self.introduction_id,
            "spare_capacity_id": self.spare_capacity_id, "message_id": self.message_id,
            "failed_event_id": self.failed_event_id, "measure_id": self.measure_id, "reading_id": self.reading_id,
            "difference_id": self.difference_id, "similar_id": self.similar_id,
            "theme": "housing", "region": "north-east",
        }  # fmt: skip

    def body(self, example: dict[str, Any]) -> dict[str, Any]:
        """An example's body, about things of the world. What is chosen by a word stays chosen."""
        return {
            name: value if isinstance(value, str) and value in CHOICES else self.members.get(name, value)
            for name, value in example.items()
        }

    @property
    def members(self) -> dict[str, Any]:
        """What stands in members of a body that name something: things of the world."""
        return {
            "officer": str(self.people[1][0].id), "version_id": self.version_id, "project": self.slug,
            "copy": self.slug, "other": self.slug, "copy_version": 1, "against": 1, "about": self.project_id,
            "about_id": self.other_update_id,
            "council": "adopterby", "lead": str(self.people[2][0].id),
        }  # fmt: skip


def let_it_run(make: Factory, world: World) -> tuple[Any, Any]:
    """Make the pledge of the world a committed one, with the sums that belong to it, so that acts on it go through.
    Returns a lead who had no part in it, with their council."""
    with make.session() as session:
        pledge = session.get_one(Pledge, world.pledge_id)
        pledge.status, pledge.is_agreed = "committed", True
        pledge.accepted_at = pledge.committed_at = clock.now()
        need = session.get_one(Need, world.need_id)
        need.held = need.pledged = need.agreed = need.committed = 20
        session.execute(update(Council).values(projects_joined=9, projects_led=9))
        project = session.get_one(Project, pledge.project_id)
    council = world.people[0][1]
    lead = make.officer(council)
    make.person(project, lead, council, role="lead")
    return lead, council


def make_world(make: Factory) -> World:
    """A council that leads, one that pledges, officers who did not choose to be named, and one who did."""
    lead, partner = make.council("Leadham"), make.council("Partnerby")
    secretive = {"name": f"Nobody {SECRET}", "job_title": f"Head of {SECRET}"}
    officer = make.officer(lead, address=f"lead.{SECRET}@leadham.example", **secretive)
    offerer = make.officer(partner, address=f"offers.{SECRET}@partnerby.example", **secretive)
    named = make.officer(lead, name="Nia Named", is_named=True, address=f"named.{SECRET}@leadham.example")

    project = make.project(
        lead, officer, slug="shared-form", title="A shared form", sources=["https://source.example/"]
    )
    make.person(project, named, lead, role="team")
    need, capped = make.need(project, title="A developer"), make.need(project, "funding", title="Money", is_capped=True)
    told = {"message": f"To the leads: {SECRET}"}
    public = make.pledge(need, partner, offerer, status="authorised", **told)
    make.authorisation(public, officer)
    delivery = make.delivery(public, officer, lead, note=f"For the two sides: {SECRET}")
    accepted = make.pledge(need, lead, named, status="accepted", **told)
    declined = make.pledge(
        need, partner, offerer, status="declined", authorised_at=clock.now(), reason=f"Because {SECRET}", **told
    )
    hidden_pledges = [
        make.pledge(capped, partner, offerer, status=status, reason=f"Because {SECRET}", **told)
        for status in ("offered", "refused", "withdrawn", "lapsed", "declined")
    ]
    news = make.update(
        project, named, lead, title="Good news", body="**News** of it.",
        body_html="<p><strong>News</strong> of it.</p>",
    )  # fmt: skip
    by_officer = make.update(project, officer, lead, title="More news")
    make.keep(UpdateText(id=new_id(), update_id=news.id, version=0, title=SECRET, body=SECRET, replaced_at=clock.now()))
    hidden_updates = [_secret_update(make, project, officer, lead, one) for one in ("draft", "withdrawn", "hidden")]
    comment_id = _comments(make, project, news, officer, lead)
    report_id, hiding_id = _moderation(make, news, hidden_updates[-1], officer)
    hidden_projects = _secret_projects(make, lead, officer)
    hidden_lessons = _lessons(make, project, hidden_projects, named, lead)
    documents = _documents(make, project, hidden_projects, officer, partner)
    difference_id = _differences(make, project, hidden_projects, officer, lead)
    interests = _interests(make, project, officer, offerer, lead, partner)
    check_id = _secret_asides(make, project, officer, named)
    handover = Handover(
        id=new_id(), project_id=project.id, kind="take_over", status="asked", from_council_id=lead.id,
        to_council_id=partner.id, message=f"For the two councils: {SECRET}", asked_by=offerer.id,
        answer_due_on=clock.today() + timedelta(days=14),
        asked_at=clock.now(), answer="",
    )  # fmt: skip
    make.keep(handover)
    desk = _desk(make, lead, partner, officer, need)
    reading = make.reading(make.measure(project, officer), officer, lead)
    for one in hidden_projects:
        make.reading(make.measure(one, officer, name=SECRET), officer, lead, note=SECRET)
    make.reading(
        make.measure(project, officer, name="Reports"), officer, lead, note=SECRET, update_id=hidden_updates[0].id
    )
    webhook = make.webhook(lead, officer, address=f"https://leadham.example/{SECRET}", description=SECRET)
    return World(
        slug="shared-form", pledge_id=str(public.id), update_id=str(news.id), need_id=str(need.id),
        delivery_id=str(delivery.id),
        interest_id=interests[0], request_id=interests[2], question_id=interests[3],
        adoption_id=documents.adoption_id, suggestion_id=documents.suggestion_id,
        draft_id=documents.draft_id, version_id=documents.version_id, check_id=check_id,
        import_id=_import(make, lead, officer), webhook_id=str(webhook.id), project_id=str(project.id),
        follow_id=str(make.follow(officer, "council", partner.id, lead).id),
        comment_id=comment_id, report_id=report_id, hiding_id=hiding_id, other_update_id=str(by_officer.id),
        handover_id=str(handover.id), measure_id=str(reading.measure_id), reading_id=str(reading.id),
        difference_id=difference_id, **desk,
        people=((officer, lead), (named, lead), (offerer, partner), documents.adopter),
        public_paths=(
            "/projects/shared-form", f"/pledges/{public.id}", f"/pledges/{accepted.id}", f"/pledges/{declined.id}",
            f"/updates/{news.id}", f"/updates/{by_officer.id}", "/lessons/shared-form",
            "/documents/shared-form", "/documents/shared-form/versions/1",
            "/documents/shared-form/versions/1/download/md",
        ),
        hidden_paths=(
            *(f"/projects/{one.slug or one.id}" for one in hidden_projects),
            *(f"/projects/{one.id}" for one in hidden_projects),
            *(f"/pledges/{one.id}" for one in hidden_pledges),
            *(f"/updates/{one.id}" for one in hidden_updates),
            *(f"/lessons/{one.slug or one.id}" for one in hidden_lessons),
            *documents.hidden_paths,
        ),
    )  # fmt: skip


def _interests(
    make: Factory, project: Any, lead: Any, officer: Any, lead_council: Any, council: Any
) -> tuple[str, str, str, str]:
    """An interest under its council's name, one without it, a request to join, and a question about the first: what is
    written in them is for that officer and the leads."""
    told = {"message": f"To the leads: {SECRET}"}
    answered = {"answer": f"Ring us: {SECRET}", "answered_at": clock.now(), "answered_by": lead.id}
    named = make.interest(project, officer, council, is_named=True, **told, **answered)
    unnamed = make.interest(project, make.officer(council), council, kind="conversation", **told)
    request = make.join_request(project, officer, council, **told)
    question = make.question(project, named, lead, text=SECRET, reply=SECRET, replied_at=clock.now())
    return str(named.id), str(unnamed.id), str(request.id), str(question.id)


def _comments(make: Factory, project: Any, update: Any, officer: Any, council: Any) -> str:
    """A public comment with what it said before, one that was taken back and one that is hidden. Returns the first."""
    values = {
        "about_type": "update", "about_id": update.id, "project_id": project.id, "officer_id": officer.id,
        "council_id": council.id, "written_at": clock.now(), "updated_at": clock.now(),
    }  # fmt: skip
    public = Comment(id=new_id(), text="Well done.", html="<p>Well done.</p>", **values)
    before = CommentText(id=new_id(), comment_id=public.id, version=0, text=SECRET, replaced_at=clock.now())
    secret = {"text": SECRET, "html": f"<p>{SECRET}</p>"}
    hidden = Comment(id=new_id(), status="hidden", **secret, **values)
    withdrawn = Comment(id=new_id(), status="withdrawn", withdrawn_at=clock.now(), **secret, **values)
    make.keep(public, before, hidden, withdrawn)
    return str(public.id)


def _differences(make: Factory, project: Any, hidden: list[Any], officer: Any, council: Any) -> str:
    """How a public project differs from a lesson of it, and differences that are not for everybody. Returns the
    first."""
    with make.session() as session:
        lesson_id = session.scalars(select(Lesson.id).where(Lesson.slug == "shared-form")).one()
    values = {
        "about_type": "project", "project_id": project.id, "other_project_id": project.id, "officer_id": officer.id,
        "council_id": council.id, "said_at": clock.now(),
    }  # fmt: skip
    public = Difference(
        id=new_id(), about_id=project.id, other_type="lesson", other_id=lesson_id, reason="It is about tenants.",
        **values,
    )  # fmt: skip
    secret = [
        Difference(id=new_id(), about_id=project.id, other_type="project", other_id=one.id, reason=SECRET, **values)
        for one in hidden
    ]
    make.keep(public, *secret)
    return str(public.id)


def _moderation(make: Factory, update: Any, hidden: Any, officer: Any) -> tuple[str, str]:
    """A report that waits, and why something is hidden: for coordinators."""
    values = {"about_type": "update", "reported_at": clock.now()}
    report = Report(id=new_id(), about_id=update.id, reason="other", words=SECRET, officer_id=officer.id, **values)
    hiding = Hiding(
        id=new_id(), about_type="update", about_id=hidden.id, reason=SECRET, hidden_by=officer.id, hidden_at=clock.now()
    )
    make.keep(report, hiding)
    return str(report.id), str(hiding.id)


def _import(make: Factory, council: Any, officer: Any) -> str:
    """A portfolio that waits for its officer to confirm it: nobody else reads its lines."""
    begun = PortfolioImport(
        id=new_id(), council_id=council.id, officer_id=officer.id, file_name=f"{SECRET}.csv", columns=["title"],
        created_at=clock.now(),
    )  # fmt: skip
    line = ImportLine(id=new_id(), import_id=begun.id, number=2, state="ready", cells=[SECRET], title=SECRET)
    make.keep(begun, line)
    return str(begun.id)


def _desk(make: Factory, lead: Any, partner: Any, officer: Any, need: Any) -> dict[str, Any]:
    """What coordinators see of it, and what only the officers of councils read."""
    coordinator = make.officer(lead, Role.COORDINATOR, Role.COUNCIL_ADMIN)
    make.officer(partner, Role.COUNCIL_ADMIN)
    introduction = Introduction(
        id=new_id(), council_id=lead.id, other_council_id=partner.id, need_id=need.id, message=SECRET,
        made_by=coordinator.id, made_at=clock.now(), outcome="nothing_yet",
    )  # fmt: skip
    spare = make.spare_capacity(lead, officer, note="Mondays")
    message, failed = make.failed_message(officer), make.failed_event()
    like = make.project(partner, title="A shared form too")
    similar = SimilarWork(
        id=new_id(), about_type="project", about_id=need.project_id, like_type="project", like_id=like.id, score=0.5,
        reasons={"words": ["form"], "themes": [], "phase": None, "professions": []}, is_likely_duplicate=True,
        found_at=clock.now(),
    )  # fmt: skip
    make.keep(introduction, similar)
    return {
        "similar_id": str(similar.id),
        "introduction_id": str(introduction.id), "spare_capacity_id": str(spare.id), "message_id": str(message.id),
        "failed_event_id": str(failed.id), "coordinator": (coordinator, lead),
    }  # fmt: skip


def _secret_update(make: Factory, project: Any, officer: Any, council: Any, status: str) -> Any:
    text = f"Not for everybody: {SECRET}"
    return make.update(project, officer, council, status=status, title=text, body=text, body_html=f"<p>{text}</p>")


def _secret_projects(make: Factory, council: Any, officer: Any) -> list[Any]:
    """A draft, a trial and a hidden project, each with a need, a pledge and an update."""
    text = f"Not for everybody: {SECRET}"
    words = {"title": text, "summary": text, "problem": text, "problem_html": f"<p>{text}</p>"}
    projects = [
        make.project(council, officer, status="draft", **words),
        make.project(council, officer, is_trial=True, slug=f"trial-{SECRET}", **words),
        make.project(council, officer, is_hidden=True, slug=f"hidden-{SECRET}", **words),
    ]
    for project in projects:
        need = make.need(project, title=text, description=text)
        make.pledge(need, council, officer, status="accepted", message=text)
        make.update(project, officer, council, title=text, body=text, body_html=f"<p>{text}</p>")
    return projects


def _lessons(make: Factory, project: Any, hidden: list[Any], officer: Any, council: Any) -> list[Any]:
    """A public lesson under the project's own slug, with what it said before; and those that are not public."""
    public = make.lesson(project, officer, council, slug="shared-form", title="A lesson for all")
    make.keep(
        LessonText(
            id=new_id(), lesson_id=public.id, version=0, title=SECRET, content={"did": SECRET}, replaced_at=clock.now()
        )
    )
    text = f"Not for everybody: {SECRET}"
    words = dict.fromkeys(("title", "did", "did_html", "happened", "happened_html", "evidence"), text)
    within = [make.lesson(one, officer, council, **words) for one in hidden if one.status != "draft"]
    return within + [make.lesson(project, officer, council, status=one, **words) for one in ("draft", "withdrawn")]


@dataclass(frozen=True, slots=True)
class _Documents:
    """What there is of shared documents, and where one would look for what is hidden."""

    adoption_id: str
    suggestion_id: str
    draft_id: str
    version_id: str
    adopter: tuple[Any, Any]
    hidden_paths: tuple[str, ...]


def _documents(make: Factory, project: Any, hidden: list[Any], officer: Any, partner: Any) -> _Documents:
    """A public checklist under the project's own slug, adopted, adapted, with a suggestion and a secret draft; and
    documents that are not public."""
    shelf = Shelf(make)
    texts = ("- Be kind.\n- Be brief.\n", "- Be kind.\n- Be clear.\n")
    public = shelf.document(project, officer, *texts, slug="shared-form", title="A checklist for all", kind="checklist")
    with make.session() as session:
        for version in public.versions:
            points = points_of(version.text).as_json()[0]
            session.execute(update(Version).where(Version.id == version.id).values(points=points))
    draft = shelf.draft(public, officer, f"A draft: {SECRET}", title=SECRET, change_note=SECRET)
    adopter = make.council("Adopterby")
    adoption = shelf.adopt(public, 2, adopter, officer)
    copy = shelf.copy(public, 1, make.project(partner), officer, "- Be kinder.\n- Be brief.\n", kind="checklist")
    suggestion = Suggestion(
        id=new_id(), artefact_id=public.artefact.id, copy_id=copy.artefact.id, against_id=public.version(1).id,
        from_id=copy.version(1).id, text="- Be kinder.\n- Be brief.\n", reason="It is kinder.", officer_id=officer.id,
        council_id=partner.id, made_at=clock.now(), updated_at=clock.now(),
    )  # fmt: skip
    met = {"answer": "met", "note": "", "check_again": False}
    points = {one.id: met for one in points_of(texts[1]).points}
    answers = ChecklistAnswers(
        id=new_id(), artefact_id=public.artefact.id, council_id=partner.id, version_id=public.version(2).id,
        answers=points | {"secret": met | {"note": SECRET}},
        published_answers=points, published_version_id=public.version(2).id, met=2, officer_id=officer.id,
        published_at=clock.now(), updated_at=clock.now(),
    )  # fmt: skip
    make.keep(suggestion, answers)
    words = {"title": f"Not for everybody {SECRET}", "summary": SECRET}
    secret = [shelf.document(project, officer, **words)]
    within = [one for one in hidden if one.status != "draft"]
    secret += [shelf.document(one, officer, f"Not for all: {SECRET}", **words) for one in within]
    paths = [f"/documents/{one.slug}" for one in secret]
    paths += ["/documents/shared-form/versions/1/original"]
    ids = (str(one.id) for one in (adoption, suggestion, draft, public.version(1)))
    return _Documents(*ids, (make.officer(adopter), adopter), tuple(paths))


def _secret_asides(make: Factory, project: Any, officer: Any, colleague: Any) -> str:
    """What is written beside things: a check that was answered, and what somebody typed. Returns the check's id."""
    now = clock.now()
    check = Check(
        id=new_id(), project_id=project.id, subject_type="project", subject_id=project.id, officer_id=colleague.id,
        asked_by=officer.id, asked_at=now - timedelta(days=1), answer="changes", note=f"Mind {SECRET}",
        answered_at=now,
    )  # fmt: skip
    saved = SavedDraft(
        id=new_id(), officer_id=officer.id, path="/projects/new", content={"title": SECRET}, saved_at=now
    )
    make.keep(check, saved)
    return str(check.id)
