"""What its reader may not know of any more reaches them by no way, whenever it went out of their sight: before the
notice was made, before the mail left, or before the digest that was gathered left."""

import json
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from pipeline.accounts.models import Membership, Officer
from pipeline.kernel import clock
from pipeline.notifications.digests import make_digests
from pipeline.projects.actions import delete_project, draft_project
from pipeline.projects.actions.checking import ask_for_check
from pipeline.projects.models import Project
from pipeline.projects.rules import ProjectStatus
from tests.factories import Factory
from tests.notifications.conftest import Place, Post
from tests.notifications.test_notices import MONDAY, published, text_of
from tests.support.client import CheckedClient

pytestmark = pytest.mark.database

CHANGES = ("hidden", "draft", "trial", "removed")
MOMENTS = ("before the notice", "before the mail", "before the digest")


def change(place: Place, make: Factory, how: str) -> None:
    """Put the project out of sight for all but its team, or take the readers' places in their council."""
    with make.session() as session:
        if how == "removed":
            for one in session.scalars(select(Membership).where(Membership.council_id == place.northborough.id)):
                one.ended_at = clock.now()
            return
        project = session.get_one(Project, place.project.id)
        project.is_public = False
        project.is_hidden, project.is_trial = how == "hidden", how == "trial"
        project.status = ProjectStatus.DRAFT if how == "draft" else project.status


def gone_at(moment: str) -> datetime:
    """Digests are made on a Monday morning."""
    return MONDAY if moment == "before the digest" else MONDAY - timedelta(days=1)


@pytest.mark.parametrize("how", CHANGES)
@pytest.mark.parametrize("moment", MOMENTS)
def test_it_is_in_no_mail_no_digest_on_no_page_and_in_no_count(
    place: Place, post: Post, make: Factory, client: CheckedClient, how: str, moment: str
) -> None:
    readers = (place.officer, place.authoriser)
    for reader in readers:
        make.follow(reader, "project", place.project.id, place.northborough, project_id=place.project.id)
    if moment == "before the digest":
        make.prefers(place.authoriser, waiting="daily", part="daily")
    with clock.at(MONDAY - timedelta(days=1)):
        offered = place.offer()
        published(place, "A secret by now")
        if moment != "before the notice":
            post.hear()
    with clock.at(gone_at(moment)):
        if moment == "before the digest":
            with place.app.app_context():
                make_digests()
        change(place, make, how)
        post.hear()
        post.send()
    with clock.at(MONDAY + timedelta(days=1)):
        with place.app.app_context():
            make_digests()
        post.send()

    told = [(address, text_of(email)) for address, email in post.mailer.sent]
    theirs = [text for address, text in told if address in {reader.address for reader in readers}]
    assert not [text for text in theirs if str(offered.id) in text]
    if how != "removed":  # what everybody may read is no secret from who has left a council
        assert theirs == []
    for reader in readers:
        assert shown_to(place, make, client, reader, is_removed=how == "removed") == (0, 0)


def shown_to(
    place: Place, make: Factory, client: CheckedClient, reader: Officer, *, is_removed: bool
) -> tuple[int, int]:
    """How many notices the pages and the API list for an officer, and how many they count as not read."""
    client.delete_cookie("session")
    make.signed_in(client, reader, None if is_removed else place.northborough)
    for path in ("/notices", "/your-work"):
        page = client.page(path)
        assert is_removed or place.project.title not in page.text  # who has left may follow what is public
        assert "you have not read" not in page.text
    token = make.token(reader, place.northborough)
    listed = client.get("/api/v1/me/notices", headers=token)
    # Something else is marked as read, for the count that comes with it.
    counted = client.post("/api/v1/me/notices/read", json={"about": str(place.eastmere.id)}, headers=token)
    if is_removed:
        assert {listed.status_code, counted.status_code} <= {401, 403}
        return 0, 0
    assert str(place.project.id) not in listed.text
    return len(json.loads(listed.text)["data"]), json.loads(counted.text)["data"]["unread"]


@pytest.mark.parametrize("moment", MOMENTS[:2])
def test_a_draft_that_was_deleted_leaves_nothing_to_tell(
    place: Place, post: Post, make: Factory, client: CheckedClient, moment: str
) -> None:
    colleague = make.officer(place.eastmere)
    with place.acting(place.lead, place.eastmere) as work:
        draft_id = draft_project(work, title="Not for everybody").id
    with place.acting(place.lead, place.eastmere) as work:
        ask_for_check(work, officer_id=colleague.id, slug=str(draft_id))
    if moment == "before the mail":
        post.hear()
    with place.acting(place.lead, place.eastmere) as work:
        delete_project(work, slug=str(draft_id))
    assert post.deliver() == {}
    make.signed_in(client, colleague, place.eastmere)
    assert "asks you to check" not in client.page("/notices").text
    assert "you have not read" not in client.page("/your-work").text
