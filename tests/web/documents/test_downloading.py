"""Files made of versions are kept, and a crowd that asks for them stalls nothing."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from pipeline.artefacts.actions.withdrawing import remove_version, withdraw_version
from pipeline.artefacts.models import KeptDownload
from pipeline.artefacts.queries import downloading
from pipeline.documents import office
from pipeline.documents.office import Busy
from pipeline.http import downloads
from pipeline.kernel.actor import Role
from tests.artefacts.factories import Shelf
from tests.factories import Factory
from tests.support.client import CheckedClient

pytestmark = pytest.mark.database

TEXT = "# Scope[^1]\n\nBe kind.\n\n[^1]: A note.\n"


class Scene:
    """A document with two versions, and how often one of them was made into a file."""

    def __init__(self, make: Factory, shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
        self.make = make
        keeper = make.council("Keeper")
        officer = make.officer(keeper)
        self.lead = make.actor(officer, keeper)
        self.model = shelf.document(make.project(keeper, officer), officer, TEXT, f"{TEXT}\nMore.\n")
        self.made: list[str] = []
        monkeypatch.setattr(downloads, "as_file", self.file)
        self.is_busy = False

    def file(self, form: Any, facts: Any, text: str) -> Any:
        if self.is_busy:
            raise Busy("others wait already")
        self.made.append(f"{form}{facts.version}")
        return downloading.as_file(form, facts, text)

    def path(self, form: str, number: int = 1) -> str:
        return f"/documents/{self.model.slug}/versions/{number}/download/{form}"

    def kept(self) -> list[tuple[str, int]]:
        with self.make.session() as session:
            rows = session.execute(select(KeptDownload.form, KeptDownload.content).order_by(KeptDownload.made_at))
            return [(row.form, len(row.content)) for row in rows]


@pytest.fixture
def scene(make: Factory, shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> Scene:
    return Scene(make, shelf, monkeypatch)


def fetched(client: CheckedClient, path: str) -> bytes:
    with client.get(path) as answer:
        assert answer.status_code == 200
        return answer.get_data()


def test_a_file_is_made_once_for_pages_and_api_alike(scene: Scene, client: CheckedClient) -> None:
    first = fetched(client, scene.path("docx"))
    assert fetched(client, scene.path("docx")) == first
    content = f"/api/v1/artefacts/{scene.model.slug}/versions/1/content"
    with client.get(content, headers={"Accept": office.DOCX}) as answer:
        assert answer.get_data() == first
    assert fetched(client, scene.path("docx", 2)) != first
    assert scene.made == ["docx1", "docx2"]
    fetched(client, scene.path("md"))
    assert [form for form, _size in scene.kept()] == ["docx", "docx"]


def test_what_the_file_says_in_front_is_never_old(scene: Scene, client: CheckedClient, work: Any) -> None:
    fetched(client, scene.path("html"))
    with work(scene.lead) as unit:
        withdraw_version(unit, slug=scene.model.slug, number=1, reason="A mistake.")
    assert b"A mistake." in fetched(client, scene.path("html"))
    assert scene.made == ["html1", "html1"]
    assert len(scene.kept()) == 1


def test_a_removed_version_leaves_no_file(scene: Scene, client: CheckedClient, work: Any) -> None:
    fetched(client, scene.path("html"))
    fetched(client, scene.path("html", 2))
    coordinator = scene.make.actor(scene.make.officer(None, Role.COORDINATOR), None, Role.COORDINATOR)
    with work(coordinator) as unit:
        remove_version(unit, slug=scene.model.slug, number=1, reason="It named somebody.")
    assert len(scene.kept()) == 1
    assert client.get(scene.path("html")).status_code == 409


def test_no_more_than_so_many_files_are_kept(
    scene: Scene, client: CheckedClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloading, "MOST_KEPT", 2)
    for form, number in (("html", 1), ("html", 2), ("odt", 1)):
        fetched(client, scene.path(form, number))
    assert [form for form, _size in scene.kept()] == ["html", "odt"]
    monkeypatch.setattr(downloads, "LARGEST_KEPT", 10)
    fetched(client, scene.path("odt", 2))
    assert [form for form, _size in scene.kept()] == ["html", "odt"]


def test_who_comes_while_too_many_files_are_made_is_told_when_to_come_back(scene: Scene, client: CheckedClient) -> None:
    scene.is_busy = True
    answer = client.get(scene.path("odt"))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "Several files are being made at the moment." in answer.get_data(as_text=True)
    content = f"/api/v1/artefacts/{scene.model.slug}/versions/1/content"
    answer = client.get(content, headers={"Accept": office.ODT})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    scene.is_busy = False
    fetched(client, scene.path("odt"))


@pytest.mark.pure
def test_one_document_is_made_at_a_time_one_waits_and_the_rest_go(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, may_end = threading.Event(), threading.Event()

    def slow(_command: list[str], _content: bytes) -> bytes:
        begun.set()
        may_end.wait(20)
        return b"made"

    monkeypatch.setattr(office, "_run", slow)
    came: list[Any] = []

    def ask() -> None:
        try:
            came.append(office.docx_from_html("<p>a</p>"))
        except Busy as busy:
            came.append(str(busy))

    threads = [threading.Thread(target=ask) for _ in range(2)]
    threads[0].start()
    assert begun.wait(20)
    threads[1].start()
    until(lambda: not office._places.acquire(blocking=False) or office._places.release() is not None)
    ask()
    assert came == ["others wait already"]
    may_end.set()
    for thread in threads:
        thread.join(20)
    assert came == ["others wait already", b"made", b"made"]
    ask()
    assert came[-1] == b"made"


@pytest.mark.pure
def test_nobody_waits_long_for_a_document_that_takes_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "LONGEST_WAIT", 0.05)
    with office._a_place(), pytest.raises(Busy, match="takes long"), office._a_place():
        pass
    with office._a_place():
        pass


def until(is_so: Callable[[], bool]) -> None:
    """Wait until something is so, at most twenty seconds."""
    pause = threading.Event()
    for _ in range(2_000):
        if is_so():
            return
        pause.wait(0.01)
    raise AssertionError("it never was")
