"""What the public downloads is made from the published text, names the council, and is a proper document."""

import io
import re
import zipfile

import html5lib
import pytest
from flask import Flask

from pipeline.documents.downloads import Form, FrontFacts, download
from pipeline.documents.office import markdown_from_office
from pipeline.documents.uploads import UploadKind, recognise
from pipeline.http.attachments import attachment, original
from pipeline.kernel.words import Words

pytestmark = pytest.mark.pure

TEXT = "# Scope[^1]\n\nText *in* Tŷ.\n\n| A | B |\n|---|---|\n| 1 | 2 |\n\n- one\n  - two\n\n[^1]: A note.\n"
FACTS = FrontFacts(
    slug="social-media", title='Social <media> "policy"', council="Kent & Co", version=3, published_on="4 Mai 2026",
    published_iso="2026-05-04", licence="Open Government Licence v3.0", licence_url="https://licence.example/",
    language="cy", address="https://pipeline.example/documents/social-media/versions/3",
    attribution=("Contains a policy by Devon, version 2.",), notice="Do not use this version.",
)  # fmt: skip


def test_markdown_holds_the_text_to_the_letter_behind_its_front() -> None:
    made = download(Form.MARKDOWN, FACTS, TEXT)
    content = made.content.decode()
    assert content.endswith(f"---\n\n{TEXT}")
    assert 'title: "Social <media> \\"policy\\""\n' in content
    assert "version: 3\n" in content
    assert (made.file_name, made.media_type) == ("social-media-v3.md", "text/markdown; charset=utf-8")


def test_the_page_stands_alone_and_is_valid() -> None:
    made = download(Form.HTML, FACTS, TEXT, say=lambda words: f"«{words}»")
    content = made.content.decode()
    html5lib.HTMLParser(strict=True).parse(content)
    assert '<html lang="cy">' in content
    assert content.count("<h1>") == 1
    assert "<h1>Social &lt;media&gt; &quot;policy&quot;</h1>" in content
    assert '<h2 id="s-scope">' in content
    assert "«Kent &amp; Co: Version 3, 4 Mai 2026»" in content
    assert '<a href="https://licence.example/">Open Government Licence v3.0</a>' in content
    assert "Contains a policy by Devon, version 2." in content
    assert "Do not use this version." in content
    assert "<script" not in content
    assert "@media print" in content
    assert made.file_name == "social-media-v3.html"


@pytest.mark.parametrize("form", [Form.DOCX, Form.ODT])
def test_a_document_for_a_word_processor_holds_everything(form: Form) -> None:
    made = download(form, FACTS, TEXT)
    kind = UploadKind(form.value)
    assert recognise(made.file_name, made.content) is kind
    text = markdown_from_office(kind, made.content)
    for piece in (
        "# Scope",
        "Text *in* Tŷ.",
        "| 1   | 2   |",
        "- one",
        "- two",
        "A note.",
        "Kent & Co",
        "Version 3, 4 Mai 2026",
    ):
        assert piece in text
    assert "Contains a policy by Devon, version 2." in text
    assert "Do not use this version." in text
    properties = "docProps/core.xml" if form is Form.DOCX else "meta.xml"
    with zipfile.ZipFile(io.BytesIO(made.content)) as archive:
        kept = archive.read(properties).decode()
    assert "<dc:title>Social &lt;media&gt; &quot;policy&quot;</dc:title>" in kept
    assert "Kent &amp; Co" in kept
    assert "<dc:language>cy</dc:language>" in kept


def test_sixty_thousand_words_become_a_document_within_the_limits() -> None:
    section = (
        "# Section\n\n"
        + "Council officers keep records of it. " * 60
        + "\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n- x\n\n"
    )
    text = section * (399_000 // len(section))
    assert len(text.split()) > 55_000
    for form, part in ((Form.DOCX, "word/document.xml"), (Form.ODT, "content.xml")):
        with zipfile.ZipFile(io.BytesIO(download(form, FACTS, text).content)) as package:
            written = re.sub(r"<[^>]+>", " ", package.read(part).decode())
        assert written.count("keep") == text.count("keep")


def test_what_is_said_goes_through_the_language_of_the_reader() -> None:
    said: list[Words] = []
    download(Form.HTML, FACTS, "Text\n", say=lambda words: said.append(words) or "–")  # type: ignore[func-returns-value]
    assert [str(words) for words in said if "Licence" in str(words)]
    assert all(isinstance(words, Words) for words in said)


def test_an_original_leaves_as_a_file_and_runs_nowhere() -> None:
    app = Flask("test")
    with app.test_request_context():
        for answer in (original(b"%PDF-", "pdf", 'a"b\r\nX: y/tŷ.pdf'), original(b"<script>", "markdown", "a.md")):
            assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
            assert "\n" not in answer.headers["Content-Disposition"]
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
            assert answer.headers["Cache-Control"] == "private, no-store"
        assert original(b"x", "pdf", "a.pdf").mimetype == "application/pdf"
        assert original(b"x", "markdown", "a.md").mimetype == "application/octet-stream"
        assert original(b"x", None, "a.html").mimetype == "application/octet-stream"
        named = attachment(b"x", "text/plain", "polisi tŷ.txt").headers["Content-Disposition"]
        assert named == "attachment; filename=\"polisi t.txt\"; filename*=UTF-8''polisi%20t%C5%B7.txt"
