"""Files are recognised by what is in them, and what is refused says what to do instead."""

import io
import time
import zipfile

import pytest

from pipeline.documents import packages, uploads
from pipeline.documents.downloads import Form, FrontFacts, download
from pipeline.documents.packages import traces_in
from pipeline.documents.uploads import (
    ENDINGS,
    LARGEST_UPLOAD,
    LONGEST_FILE_NAME,
    MOST_TEXT,
    PROBLEMS,
    UploadKind,
    recognise,
    safe_file_name,
    text_of,
)
from pipeline.http.problem_types import problem_type
from pipeline.kernel.errors import RuleBroken
from tests.support import files

pytestmark = pytest.mark.pure

DOCTYPE = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "boo">]><a>&b;</a>'
WINDOWS_PROGRAM = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00" + bytes(300)
SETTINGS = "word/settings.xml"


def refused(name: str, content: bytes) -> str:
    """The code with which a file is refused."""
    with pytest.raises(RuleBroken) as caught:
        recognise(name, content)
    return caught.value.code


def encrypted_zip() -> bytes:
    """A .docx whose members are encrypted one by one: the first bit of each member's flags says so."""
    made = bytearray(files.docx())
    with zipfile.ZipFile(io.BytesIO(bytes(made))) as archive:
        for member in archive.infolist():
            made[member.header_offset + 6] |= 1
    place = 0
    while (place := made.find(b"PK\x01\x02", place)) >= 0:
        made[place + 8] |= 1
        place += 4
    return bytes(made)


def test_each_kind_is_recognised_by_what_is_in_it() -> None:
    assert recognise("policy.docx", files.docx()) is UploadKind.DOCX
    assert recognise("POLICY.DOCX", files.docx()) is UploadKind.DOCX
    assert recognise("policy.odt", files.odt()) is UploadKind.ODT
    assert recognise("policy.pdf", files.pdf([["Words"]])) is UploadKind.PDF
    assert recognise("policy.md", b"# Scope\n") is UploadKind.MARKDOWN
    assert recognise("policy.txt", "Tŷ\n".encode()) in (UploadKind.MARKDOWN, UploadKind.TEXT)


@pytest.mark.parametrize(
    "name, content, code",
    [
        ("policy.docx", WINDOWS_PROGRAM, "upload.other_kind"),
        ("policy.txt", WINDOWS_PROGRAM, "upload.other_kind"),
        ("policy.exe", WINDOWS_PROGRAM, "upload.other_kind"),
        ("policy.pdf", files.PIXEL, "upload.other_kind"),
        ("policy.html", b"<p>words</p>", "upload.other_kind"),
        ("policy", b"words", "upload.other_kind"),
        ("policy.docx", b"words", "upload.name_differs"),
        ("policy.txt", b"%PDF-1.4 and so on", "upload.name_differs"),
        ("policy.md", b"", "upload.empty"),
        ("policy.md", b" \r\n ", "upload.empty"),
        (" ", b"words", "upload.missing"),
        ("policy.md", b"words \x00\x01\x02", "upload.not_readable_text"),
        ("policy.md", b"caf\x81\x8d", "upload.not_readable_text"),
        ("policy.doc", files.ole("WordDocument"), "upload.old_kind"),
        ("policy.docx", files.ole("EncryptedPackage"), "upload.protected"),
        ("policy.rtf", b"{\\rtf1 words}", "upload.old_kind"),
        ("policy.docx", b"PK\x03\x04 cut off", "upload.unreadable"),
    ],
)
def test_what_is_not_taken_in_is_refused_with_its_reason(name: str, content: bytes, code: str) -> None:
    assert refused(name, content) == code


def test_a_file_that_is_too_large_is_refused_before_anybody_looks_into_it() -> None:
    began = time.process_time()
    assert refused("policy.md", b"a" * (LARGEST_UPLOAD + 1)) == "upload.too_large"
    assert time.process_time() - began < 0.5


def test_the_name_must_say_what_is_in_the_file() -> None:
    assert refused("policy.odt", files.docx()) == "upload.name_differs"
    assert refused("policy.md", files.docx()) == "upload.name_differs"
    assert refused("figures.xlsx", files.packed({"[Content_Types].xml": b"<a/>"})) == "upload.other_kind"


@pytest.mark.parametrize(
    "member, code",
    [
        ("word/vbaProject.bin", "upload.macros"),
        ("word/activeX/activeX1.xml", "upload.active_parts"),
        ("../../escape.xml", "upload.unreadable"),
        ("WORD/document.xml", "upload.unreadable"),
    ],
)
def test_a_docx_with_parts_that_run_or_mislead_is_refused(member: str, code: str) -> None:
    assert refused("policy.docx", files.with_member(files.docx(), member)) == code


def test_a_docm_called_docx_is_refused() -> None:
    macro = files.altered(
        files.docx(),
        types=lambda types: types.replace(
            b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
            b"application/vnd.ms-word.document.macroEnabled.main+xml",
        ),
    )
    assert refused("policy.docx", macro) == "upload.macros"


def test_an_odt_with_macros_or_a_password_is_refused() -> None:
    assert refused("policy.odt", files.with_member(files.odt(), "Basic/Standard/Module1.xml")) == "upload.macros"
    locked = files.altered(
        files.odt(), manifest=lambda text: text.replace(b"</manifest:m", b"<manifest:encryption-data/></manifest:m")
    )
    assert refused("policy.odt", locked) == "upload.protected"
    assert refused("policy.docx", encrypted_zip()) == "upload.protected"


@pytest.mark.parametrize("name", ["word/document.xml", "word/media/picture.png"])
def test_a_zip_bomb_is_refused_before_it_unpacks(name: str) -> None:
    content = files.bomb(name)
    began = time.process_time()
    assert len(content) < 1_000_000
    assert refused("policy.docx", content) == "upload.bomb"
    assert time.process_time() - began < 0.5


def test_a_bomb_that_lies_about_its_size_is_refused() -> None:
    began = time.process_time()
    assert refused("policy.docx", files.lying_bomb()) in ("upload.bomb", "upload.unreadable")
    assert time.process_time() - began < 1


def test_too_many_members_and_archives_within_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    inner = files.packed({"a.xml": b"x" * 1000})
    assert refused("policy.docx", files.with_member(files.docx(), "word/media/a.png", inner)) == "upload.bomb"
    monkeypatch.setattr(packages, "MOST_MEMBERS", 5)
    assert refused("policy.docx", files.docx()) == "upload.bomb"


def test_the_sheet_behind_a_chart_is_no_bomb() -> None:
    sheet = files.packed({"xl/workbook.xml": b"<a/>"})
    charted = files.with_member(files.docx(), "word/embeddings/Microsoft_Excel_Sheet1.xlsx", sheet)
    assert recognise("policy.docx", charted) is UploadKind.DOCX


@pytest.mark.parametrize(
    "part",
    [
        DOCTYPE,
        b"\xff\xfe" + DOCTYPE.decode().encode("utf-16-le"),
        b"<?xml version='1.0'?>" + b" " * 65_530 + b"<!DOCTYPE a><a/>",
    ],
)
def test_xml_that_defines_things_is_refused_however_it_is_written(part: bytes) -> None:
    assert refused("policy.docx", files.with_member(files.docx(), SETTINGS, part)) == "upload.unsafe_xml"


def test_xml_in_an_unusual_encoding_could_hide_anything_and_is_refused() -> None:
    hidden = b"<?xml version='1.0' encoding='utf-7'?>+ADwAIQ-DOCTYPE a+AD4-"
    assert refused("policy.docx", files.with_member(files.docx(), SETTINGS, hidden)) == "upload.unreadable"


@pytest.mark.parametrize(
    "content",
    ["Tŷ – “a”\n".encode(), "Tŷ – “a”\n".encode("utf-8-sig"), "Tŷ – “a”\r\n".encode("utf-16")],
)
def test_text_is_read_whichever_way_its_letters_are_kept(content: bytes) -> None:
    assert text_of(UploadKind.TEXT, content) == "Tŷ – “a”\n"


def test_text_as_windows_kept_it_is_read() -> None:
    assert text_of(UploadKind.TEXT, "caf\u00e9 \u2013 \u00a35".encode("cp1252")) == "café – £5\n"


def test_more_text_than_a_document_holds_is_refused() -> None:
    with pytest.raises(RuleBroken) as caught:
        text_of(UploadKind.TEXT, b"a" * MOST_TEXT)
    assert caught.value.code == "upload.too_much_text"
    assert len(text_of(UploadKind.TEXT, b"a" * (MOST_TEXT - 1))) == MOST_TEXT


def test_markdown_we_made_comes_back_without_what_we_put_in_front() -> None:
    facts = FrontFacts(
        "a", 'A "policy": all', "Kent", 2, "4 May 2026", "2026-05-04", "OGL", "https://a.example", "en", "https://b.example"
    )  # fmt: skip
    made = download(Form.MARKDOWN, facts, "# Scope\n\nText\n").content
    assert made.startswith(b"---\ntitle: ")
    assert text_of(UploadKind.MARKDOWN, made) == "# Scope\n\nText\n"


def test_front_matter_of_others_is_kept() -> None:
    assert text_of(UploadKind.MARKDOWN, b"---\ntitle: x\nlayout: y\n---\n\nText").startswith("---\ntitle: x")


def test_names_comments_and_tracked_changes_are_found() -> None:
    comments = files.altered(
        files.docx(),
        document=files.in_body(files.tracked("Kept", "in", "out")),
        comments=b'<w:comments xmlns:w="a"><w:comment w:id="1" w:author="Cai Rees"/></w:comments>',
        core=lambda core: core.replace(b"<dc:creator></dc:creator>", b"<dc:creator>Dee Fox</dc:creator>"),
    )
    traces = traces_in(comments)
    assert set(traces.people) == {"Ann Lee", "Bob Day", "Cai Rees", "Dee Fox"}
    assert traces.has_comments
    assert traces.has_tracked_changes
    plain = traces_in(files.docx())
    assert (plain.people, plain.has_comments, plain.has_tracked_changes) == ([], False, False)


def test_the_same_is_found_in_an_odt() -> None:
    change = (
        b"<office:text><text:tracked-changes><text:changed-region text:id='c'><text:deletion><office:change-info>"
        b"<dc:creator>Bob Day</dc:creator></office:change-info><text:p>gone</text:p></text:deletion>"
        b"</text:changed-region></text:tracked-changes><text:p><office:annotation><dc:creator>Cai Rees</dc:creator>"
        b"<text:p>why</text:p></office:annotation>here</text:p>"
    )
    traces = traces_in(files.altered(files.odt(), content=lambda old: old.replace(b"<office:text>", change)))
    assert traces.people == ["Bob Day", "Cai Rees"]
    assert traces.has_comments
    assert traces.has_tracked_changes


@pytest.mark.parametrize(
    "name, safe",
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\Jo\\Policy v2.docx", "Policy v2.docx"),
        ('a"b\r\nSet-Cookie: x.pdf', "ab Set-Cookie x.pdf"),
        (".htaccess", "htaccess"),
        ("polisi-tŷ.odt", "polisi-tŷ.odt"),
        ("\u202exslx.docx", "xslx.docx"),
        ("", "document"),
    ],
)
def test_a_file_name_is_made_safe(name: str, safe: str) -> None:
    assert safe_file_name(name) == safe


def test_a_long_file_name_keeps_its_ending() -> None:
    name = safe_file_name("a" * 500 + ".docx")
    assert len(name) == LONGEST_FILE_NAME
    assert name.endswith(".docx")


def test_every_problem_of_a_file_is_explained_and_every_kind_has_its_ending() -> None:
    assert [code for code in PROBLEMS if problem_type(code) is None] == []
    assert set(ENDINGS.values()) == set(UploadKind)
    assert set(uploads.MEDIA_TYPES) == set(UploadKind)
