"""Documents for word processors: made by pandoc, which is held to its limits and reads nothing else."""

import io
import zipfile

import pytest

from pipeline.documents import office
from pipeline.documents.office import NotConverted, docx_from_html

pytestmark = pytest.mark.pure


def text_in(document: bytes) -> str:
    return zipfile.ZipFile(io.BytesIO(document)).read("word/document.xml").decode()


def test_a_document_holds_its_headings_texts_and_tables() -> None:
    made = text_in(
        docx_from_html("<html lang='cy'><body><h1>Cofnod</h1><p>Tŷ &amp; gardd</p><table><tr><td>1</td></tr></table>")
    )

    assert "Cofnod" in made
    assert "Tŷ &amp; gardd" in made
    assert "<w:tbl>" in made


def test_no_file_and_no_address_is_read_on_behalf_of_a_text() -> None:
    made = docx_from_html("<p>before</p><img src='/etc/passwd'><img src='http://localhost:1/x.png'><p>after</p>")

    assert "after" in text_in(made)
    assert not [name for name in zipfile.ZipFile(io.BytesIO(made)).namelist() if name.startswith("word/media/")]


def test_a_text_that_would_take_too_much_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NotConverted):
        docx_from_html("x" * (office.MOST_HTML + 1))
    monkeypatch.setattr(office, "MOST_MEMORY_KIB", 50_000)
    with pytest.raises(NotConverted):
        docx_from_html("<p>x</p>")


def test_a_text_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "LONGEST_SECONDS", 0.001)
    with pytest.raises(NotConverted):
        docx_from_html("<p>x</p>")
