"""Files are kept once, taken in by the worker, seen by their officer alone and forgotten when nobody uses them."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import exists, func, select, true
from sqlalchemy.orm import Session

from pipeline.artefacts.originals import forget_unused_uploads
from pipeline.db.engine import database
from pipeline.db.work import Reading, housekeeping
from pipeline.documents import keeping
from pipeline.documents.keeping import content_of, forget_uploads, keep_upload, take_in_uploads, upload_seen_by
from pipeline.documents.models import Blob, Upload
from pipeline.documents.uploads import TakenIn
from pipeline.kernel import clock
from pipeline.kernel.actor import ANONYMOUS
from pipeline.kernel.errors import NotFound, RuleBroken
from tests.factories import Factory
from tests.support import files

pytestmark = pytest.mark.database

Read = Callable[..., AbstractContextManager[Reading]]


@pytest.fixture
def officer(make: Factory) -> Any:
    """An officer of a council."""
    return make.officer(make.council())


def rows(app: Flask, table: Any) -> int:
    """How many rows a table has."""
    with app.app_context(), Session(database.engine) as session:
        return session.scalars(select(func.count()).select_from(table)).one()


def only_upload(app: Flask) -> Upload:
    """The one upload there is."""
    with app.app_context(), Session(database.engine, expire_on_commit=False) as session:
        return session.scalars(select(Upload)).one()


def test_text_is_ready_at_once(app: Flask, officer: Any) -> None:
    with app.app_context():
        keep_upload(officer_id=officer.id, file_name="C:\\Policy.md", content=b"# Scope\r\n\r\nText")
        assert take_in_uploads() == 0
    upload = only_upload(app)
    assert (upload.state, upload.text, upload.file_name) == (TakenIn.READY, "# Scope\n\nText\n", "Policy.md")
    assert upload.done_at is not None


def test_a_docx_waits_for_the_worker_which_reads_it(app: Flask, officer: Any) -> None:
    content = files.altered(
        files.docx("<h1>Scope</h1>"), document=files.in_body(files.tracked("It is", "so", "not so"))
    )
    with app.app_context():
        keep_upload(officer_id=officer.id, file_name="policy.docx", content=content)
        assert only_upload(app).state == TakenIn.WAITING
        assert take_in_uploads() == 1
        assert take_in_uploads() == 0
    upload = only_upload(app)
    assert (upload.state, upload.text, upload.problem) == (TakenIn.READY, "# Scope\n\nIt is so\n", None)
    assert (upload.has_tracked_changes, upload.has_comments, upload.people) == (True, False, ["Ann Lee", "Bob Day"])
    assert upload.leased_until is None


def test_what_the_worker_cannot_read_is_refused_with_its_problem(app: Flask, officer: Any) -> None:
    with app.app_context():
        keep_upload(officer_id=officer.id, file_name="scan.pdf", content=files.pdf([[]], picture_only=True))
        assert take_in_uploads() == 1
    upload = only_upload(app)
    assert (upload.state, upload.problem, upload.text) == (TakenIn.REFUSED, "upload.no_text", None)


def test_a_fault_of_ours_refuses_the_file_and_stops_nothing(
    app: Flask, officer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "convert", lambda *_: 1 / 0)
    with app.app_context():
        keep_upload(officer_id=officer.id, file_name="a.docx", content=files.docx())
        assert take_in_uploads() == 1
    assert only_upload(app).problem == "upload.unreadable"


def test_a_file_whose_worker_ended_is_taken_up_again_and_given_up_after_three_tries(
    app: Flask, officer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def kill(*_: object) -> None:
        raise Killed

    with app.app_context():
        keep_upload(officer_id=officer.id, file_name="a.docx", content=files.docx())
        monkeypatch.setattr(keeping, "convert", kill)
        for tried in range(1, 4):
            with clock.moved(timedelta(minutes=5 * tried)), pytest.raises(Killed):
                take_in_uploads()
            with clock.moved(timedelta(minutes=5 * tried)):
                assert take_in_uploads() == 0
        with clock.moved(timedelta(minutes=30)):
            assert take_in_uploads() == 1
    assert (only_upload(app).state, only_upload(app).problem) == (TakenIn.REFUSED, "upload.unreadable")


def test_a_refused_file_is_not_kept(app: Flask, officer: Any) -> None:
    with app.app_context(), pytest.raises(RuleBroken) as caught:
        keep_upload(officer_id=officer.id, file_name="a.docx", content=files.bomb(), field="file")
    assert [(one.code, one.field) for one in caught.value.problems] == [("upload.bomb", "file")]
    assert rows(app, Upload) == rows(app, Blob) == 0


def test_the_same_file_is_kept_once(app: Flask, make: Factory) -> None:
    with app.app_context():
        for officer in (make.officer(), make.officer()):
            keep_upload(officer_id=officer.id, file_name="a.md", content=b"the same")
    assert rows(app, Blob) == 1
    assert rows(app, Upload) == 2


def test_only_its_officer_sees_an_upload(app: Flask, make: Factory, officer: Any, read: Read) -> None:
    with app.app_context():
        upload_id = keep_upload(officer_id=officer.id, file_name="a.md", content=b"mine")
    with read(make.actor(officer)) as reading:
        upload = upload_seen_by(reading, upload_id)
        assert upload.text == "mine\n"
        assert content_of(reading, upload.blob_sha256) == b"mine"
        with pytest.raises(NotFound):
            content_of(reading, "0" * 64)
    for actor in (ANONYMOUS, make.actor(make.officer(make.council()))):
        with read(actor) as reading, pytest.raises(NotFound):
            upload_seen_by(reading, upload_id)


def test_an_officer_brings_so_many_files_in_an_hour(
    app: Flask, officer: Any, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "MOST_IN_AN_HOUR", 2)
    with app.app_context():
        for number in range(2):
            keep_upload(officer_id=officer.id, file_name="a.md", content=b"%d" % number)
        with pytest.raises(RuleBroken, match=r"upload\.too_many"):
            keep_upload(officer_id=officer.id, file_name="a.md", content=b"3")
        keep_upload(officer_id=make.officer().id, file_name="a.md", content=b"3")
        with clock.moved(timedelta(minutes=61)):
            keep_upload(officer_id=officer.id, file_name="a.md", content=b"3")


def test_an_officer_brings_so_many_bytes_in_a_day(app: Flask, officer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "MOST_BYTES_IN_A_DAY", 10)
    with app.app_context():
        keep_upload(officer_id=officer.id, file_name="a.md", content=b"12345")
        with pytest.raises(RuleBroken, match=r"upload\.too_many"):
            keep_upload(officer_id=officer.id, file_name="a.md", content=b"123456")


def test_what_nobody_uses_is_forgotten_after_a_day_and_its_bytes_with_it(app: Flask, officer: Any) -> None:
    with app.app_context():
        keep_upload(officer_id=officer.id, file_name="a.md", content=b"unused")
        forget_unused_uploads()
        assert rows(app, Upload) == rows(app, Blob) == 1
        with clock.moved(timedelta(hours=25)):
            forget_unused_uploads()
        assert rows(app, Upload) == rows(app, Blob) == 0


def test_what_is_used_stays(app: Flask, officer: Any) -> None:
    with app.app_context():
        keep_upload(officer_id=officer.id, file_name="a.md", content=b"used")
        with clock.moved(timedelta(hours=25)):
            assert forget_uploads([exists(select(1).where(true()))]) == 0
        assert rows(app, Upload) == rows(app, Blob) == 1


def test_a_file_that_is_brought_again_is_not_forgotten_with_the_old_one(app: Flask, officer: Any) -> None:
    with app.app_context():
        keep_upload(officer_id=officer.id, file_name="a.md", content=b"again")
        with clock.moved(timedelta(hours=25)):
            keep_upload(officer_id=officer.id, file_name="b.md", content=b"again")
            assert forget_uploads([]) == 1
    assert only_upload(app).file_name == "b.md"
    assert rows(app, Blob) == 1


def test_the_housekeeping_of_files_writes_nothing_else(app: Flask, officer: Any) -> None:
    with app.app_context(), pytest.raises(RuntimeError, match="may not write"), housekeeping("uploads") as session:
        session.merge(officer).name = "Somebody else"
