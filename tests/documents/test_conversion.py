"""Documents real people have become text, whole, in a child process that is held to its limits."""

import time

import pytest

from pipeline.documents import conversion, office
from pipeline.documents.bounded import Limits, NotConverted, TooMuch, run_within
from pipeline.documents.conversion import convert
from pipeline.documents.markdown import document_html
from pipeline.documents.numbering import number_as, with_numbers
from pipeline.documents.odt_numbering import with_odt_numbers
from pipeline.documents.packages import traces_in
from pipeline.documents.pdf_paragraphs import Line, paragraphs_from
from pipeline.documents.uploads import UploadKind, recognise
from pipeline.kernel.errors import RuleBroken
from tests.support import files

pytestmark = pytest.mark.pure

ROOMY = Limits(memory_kib=1024 * 1024, seconds=10, output=1_000_000)


def converted(kind: UploadKind, content: bytes) -> str:
    """The text of a file that was recognised."""
    assert recognise(f"policy.{kind.value}", content) is kind
    return convert(kind, content).text


def refused(kind: UploadKind, content: bytes) -> str:
    """The code with which converting a file ends."""
    with pytest.raises(RuleBroken) as caught:
        convert(kind, content)
    return caught.value.code


def test_a_docx_of_sixty_pages_gives_all_its_text() -> None:
    made = files.long_docx(60)
    began = time.monotonic()
    text = converted(UploadKind.DOCX, made)
    assert time.monotonic() - began < 30

    assert text.count("Officers keep a record") == 60 * 30
    for number in (1, 60):
        assert f"# Section {number}\n" in text
        assert f"| Lead {number} | By May or June |" in text
        assert f"- First point {number}\n  - Within it" in text
        assert f"1. Step {number}" in text.replace("1.  ", "1. ")
        assert f"[^{number}]: {files.NOTE_WORDS} {number}." in text
        assert f"*Diagram {number}*" in text
    assert "It is now so\n" in text
    assert "no longer so" not in text
    assert text.count("In a box of its own") == 1
    assert "media/" not in text
    traces = convert(UploadKind.DOCX, made).traces
    assert traces.has_tracked_changes
    assert traces.people == ["Ann Lee", "Bob Day"]
    shown = document_html(text).html
    assert shown.count("<h2 ") == 60
    assert shown.count("<table") == 60
    assert f"{files.NOTE_WORDS} 60." in shown


RUN = "<w:r><w:rPr>{}</w:rPr><w:t>{}</w:t></w:r>"
STYLES = """<w:style w:type="paragraph" w:styleId="Kept"><w:name w:val="Kept"/><w:rPr><w:vanish/></w:rPr></w:style>
<w:style w:type="character" w:styleId="Quiet"><w:name w:val="Quiet"/><w:rPr><w:vanish w:val="true"/></w:rPr></w:style>
<w:style w:type="character" w:styleId="Loud"><w:name w:val="Loud"/><w:rPr><w:vanish w:val="0"/></w:rPr></w:style>"""


def test_words_that_word_hides_are_left_out_and_said_to_be_there() -> None:
    runs = [
        RUN.format("", "One is shown."),
        RUN.format("<w:vanish/>", " Two is hidden."),
        RUN.format('<w:vanish w:val="false"/>', " Three is shown."),
        RUN.format('<w:rStyle w:val="Quiet"/>', " Four is hidden."),
        RUN.format('<w:rStyle w:val="Loud"/>', " Five is shown."),
        RUN.format('<w:b/><w:rPrChange w:author="Ann"><w:rPr><w:vanish/></w:rPr></w:rPrChange>', " Six is shown."),
    ]
    kept = [RUN.format("", "Seven is hidden."), RUN.format('<w:vanish w:val="0"/>', "Eight is shown.")]
    body = (
        f"<w:p>{''.join(runs)}</w:p><w:p/>"
        f'<w:p><w:pPr><w:pStyle w:val="Kept"/></w:pPr>{"".join(kept)}</w:p>'
        f"<w:p>{RUN.format('', 'Nine is shown.')}</w:p>"
    )
    plain = files.docx()
    members = files.members_of(files.altered(plain, document=files.in_body(body)))
    members["word/styles.xml"] = members["word/styles.xml"].replace(b"</w:styles>", STYLES.encode() + b"</w:styles>")
    made = convert(UploadKind.DOCX, files.packed(members))
    assert made.traces.has_hidden_words
    for word in ("One", "Three", "Five", "Six", "Eight", "Nine"):
        assert f"{word} is shown." in made.text.replace("**", "")
    assert "hidden" not in made.text
    assert not convert(UploadKind.DOCX, plain).traces.has_hidden_words


def test_words_that_an_odt_hides_are_left_out_and_said_to_be_there() -> None:
    style = (
        b'<style:style style:name="Hush" style:family="text"><style:text-properties text:display="none"/></style:style>'
    )
    body = (
        '<text:p>One is shown.<text:span text:style-name="Hush"> Two is hidden.</text:span> Three is shown.</text:p>'
        '<text:section text:name="s" text:display="none"><text:p>Four is hidden.</text:p></text:section>'
        '<text:p><text:hidden-paragraph text:condition="x" text:is-hidden="true"/>Five is hidden.</text:p>'
        '<text:p>Six is shown.<text:hidden-text text:condition="x" text:string-value="y" text:is-hidden="true">'
        "Seven is hidden.</text:hidden-text></text:p><text:p/>"
    )
    plain = files.odt()
    members = files.members_of(plain)
    content = members["content.xml"]
    content = content.replace(b"</office:automatic-styles>", style + b"</office:automatic-styles>")
    assert style in content
    members["content.xml"] = content.replace(b"</office:text>", body.encode() + b"</office:text>")
    made = convert(UploadKind.ODT, files.packed(members))
    assert made.traces.has_hidden_words
    for word in ("One", "Three", "Six"):
        assert f"{word} is shown." in made.text
    assert "hidden" not in made.text
    assert not convert(UploadKind.ODT, plain).traces.has_hidden_words


def test_an_odt_gives_its_text_and_leaves_comments_and_deleted_words_out() -> None:
    change = (
        b"<office:text><text:tracked-changes><text:changed-region text:id='c'><text:deletion><text:p>gone</text:p>"
        b"</text:deletion></text:changed-region></text:tracked-changes><text:p>Here<office:annotation><text:p>why"
        b"</text:p></office:annotation> it stays.</text:p>"
    )
    made = files.odt("<h1>Scope</h1><ul><li>one</li></ul><table><tr><th>A</th></tr><tr><td>1</td></tr></table>")
    text = converted(UploadKind.ODT, files.altered(made, content=lambda old: old.replace(b"<office:text>", change)))
    assert "Here it stays." in text
    assert "gone" not in text
    assert "why" not in text
    assert "# Scope" in text
    assert "- one" in text
    assert "| A |\n|---|\n| 1 |" in text


def test_tables_keep_their_words_whatever_their_cells_hold() -> None:
    text = converted(
        UploadKind.DOCX,
        files.docx(
            "<table><tr><td>A</td><td>B</td></tr><tr><td colspan=2>wide</td></tr><tr><td rowspan=2>tall</td><td>"
            "<p>one</p><ul><li>two</li><li>three</li></ul></td></tr><tr><td>four<br>five | six</td></tr></table>"
            "<table><tr><td><p>framed</p><p>text</p></td></tr></table>"
        ),
    )
    assert text == (
        "| A | B |\n|---|---|\n| wide | |\n| tall | one; two; three |\n| | four five \\| six |\n\nframed\n\ntext\n"
    )


def test_what_looks_like_a_mark_in_word_is_not_one_in_the_text() -> None:
    typed = "<p># not a heading</p><p>*stars* &lt;script&gt; [a](b)</p><p>m<sup>2</sup></p>"
    text = converted(UploadKind.DOCX, files.docx(typed))
    shown = document_html(text).html
    assert "<p># not a heading</p>" in shown
    assert "<p>*stars* &lt;script&gt; [a](b)</p>" in shown
    assert "m²" in shown


def test_links_in_a_document_lead_to_the_web_or_are_words() -> None:
    text = converted(
        UploadKind.DOCX,
        files.docx("<p><a href='https://a.example/x'>out</a> <a href='#s'>in</a></p><p id='s'>there</p>"),
    )
    assert text.startswith("[out](https://a.example/x) in\n")


def test_the_table_of_contents_word_made_is_left_out() -> None:
    style = b'<w:style w:type="paragraph" w:styleId="TOC1"><w:name w:val="toc 1"/></w:style></w:styles>'
    made = files.altered(
        files.docx("<h1>Scope</h1><p>Words</p>"),
        styles=lambda old: old.replace(b"</w:styles>", style),
        document=files.in_body('<w:p><w:pPr><w:pStyle w:val="TOC1"/></w:pPr><w:r><w:t>Scope 3</w:t></w:r></w:p>'),
    )
    assert converted(UploadKind.DOCX, made) == "# Scope\n\nWords\n"


def test_a_docx_that_pandoc_cannot_read_is_refused() -> None:
    broken = files.altered(files.docx(), document=b"<w:document")
    assert refused(UploadKind.DOCX, broken) == "upload.unreadable"
    assert refused(UploadKind.DOCX, files.docx("<p> </p>")) == "upload.empty"


def test_a_document_that_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    content = files.docx()
    monkeypatch.setattr(office, "LONGEST_SECONDS", 0.001)
    assert refused(UploadKind.DOCX, content) == "upload.too_slow"


def test_a_document_that_takes_too_much_memory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    content = files.docx("<p>words</p>" * 5_000)
    monkeypatch.setattr(office, "MOST_HEAP", "4M")
    assert refused(UploadKind.DOCX, content) == "upload.too_slow"


def test_a_pdf_gives_its_paragraphs() -> None:
    lines = [
        "Social media policy",
        "Officers may write on behalf of the council where their manager agreed to it and they have",
        "read this policy. What they write stays, and is kept as a record of what the council pub-",
        "lished.",
        "1. Be kind.",
        "2. Be clear.",
    ]
    assert converted(UploadKind.PDF, files.pdf([lines])) == (
        "Social media policy\n\nOfficers may write on behalf of the council where their manager agreed to it and they "
        "have read this policy. What they write stays, and is kept as a record of what the council published.\n\n"
        "1. Be kind.\n\n2. Be clear.\n"
    )


def test_heads_feet_and_page_numbers_are_left_out_and_paragraphs_go_on_over_pages() -> None:
    goes_on = "of it begins here and goes on over the edge of the page to"
    pages = [["Kent policy", f"Part {n} {goes_on}", "", f"the {n}th one.", f"Page {n} of 5"] for n in range(1, 6)]
    text = paragraphs_from([[Line(line) for line in page] for page in pages])
    assert "Kent policy" not in text
    assert "Page 2" not in text
    assert "Part 1 of it begins here and goes on over the edge of the page to the 1th one.\n\nPart 2" in text


POLICY = [
    (20, "F2", "Social media policy"),
    (14, "F2", "1. Scope"),
    (11, "F1", "Officers may write on behalf of the council where their manager agreed to it and they have read"),
    (11, "F1", "this policy, and what they write is kept."),
    (14, "F2", "2. What to write when somebody asks a question that is very"),
    (14, "F2", "hard to answer"),
    (11, "F2", "In the office"),
    (11, "F1", "Answer within two working days, and say who you are and how they can reach you again by phone."),
    (11, "F2", "Warning: this is said in bold and is a sentence."),
    (9, "F1", "Approved in May"),
]


def test_what_is_larger_or_bold_alone_in_a_pdf_is_a_heading() -> None:
    text = converted(UploadKind.PDF, files.pdf_in_types([POLICY]))
    assert [line for line in text.splitlines() if line.startswith("#")] == [
        "# Social media policy", "## 1. Scope",
        "## 2. What to write when somebody asks a question that is very hard to answer", "### In the office",
    ]  # fmt: skip
    assert "they have read this policy, and what they write is kept.\n" in text
    assert "\n\nWarning: this is said in bold and is a sentence." in text


def test_where_everything_is_large_or_bold_nothing_is_a_heading() -> None:
    shouted = [[Line(f"Line {number} of it", 14 if number % 2 else 11, is_bold=True) for number in range(20)]]
    assert "#" not in paragraphs_from(shouted)
    assert "#" not in paragraphs_from([[Line("One size", 11), Line("for every line", 11)]])


def test_headings_keep_the_numbers_word_counts_for_them() -> None:
    made = files.numbered_docx(
        ("Heading1", "Scope"), ("Heading2", "Who it is for"), ("Heading2", "Who it is not for"), ("", "Plain words."),
        ("Heading1", "Conduct"), ("clause", "Be kind."), ("clause", "Be brief."), ("Heading2", "At work"),
        ("list", "First"), ("list", "Second"), ("Heading1", ""), ("Heading1", "Records"), ("unnumbered", "Contact"),
    )  # fmt: skip
    text = converted(UploadKind.DOCX, made)
    found = [line for line in text.replace("\\", "").splitlines() if line]
    assert found == [
        "# 1. Scope", "## 1.1 Who it is for", "## 1.2 Who it is not for", "Plain words.", "# 2. Conduct",
        "2.1 Be kind.", "2.2 Be brief.", "## 2.3 At work", "1.  First", "2.  Second", "# 4. Records", "# Contact",
    ]  # fmt: skip


def test_numbers_of_every_kind_are_said_as_word_says_them() -> None:
    assert [number_as("lowerLetter", number) for number in (1, 26, 27, 54)] == ["a", "z", "aa", "bbb"]
    assert [number_as("upperRoman", number) for number in (4, 1990)] == ["IV", "MCMXC"]
    assert [number_as(kind, 7) for kind in ("decimal", "decimalZero", "chicago")] == ["7", "07", ""]


@pytest.mark.parametrize("part", ["word/numbering.xml", "word/styles.xml"])
def test_numbers_that_cannot_be_told_are_left_out_and_nothing_else_is(part: str) -> None:
    made = files.numbered_docx(("Heading1", "Scope"))
    for content in (b"<w:numbering", b"", b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'):
        spoilt = files.packed(files.members_of(made) | {part: content})
        assert with_numbers(spoilt) == spoilt
    without = files.packed({name: one for name, one in files.members_of(made).items() if name != part})
    assert with_numbers(without) == without


def test_twenty_thousand_numbered_paragraphs_are_counted_quickly() -> None:
    made = files.numbered_docx(*[("Heading2", "x")] * 20_000)
    began = time.monotonic()
    with_numbers(made)
    assert time.monotonic() - began < 20


def odt_list(style: str, *items: str, more: str = "") -> str:
    """A list of an .odt; an item that begins with a tag is XML."""
    said = "".join(
        f"<text:list-item>{one if one[0] == '<' else f'<text:p>{one}</text:p>'}</text:list-item>" for one in items
    )
    named = f' text:style-name="{style}"' if style else ""
    return f"<text:list{named}{more}>{said}</text:list>"


def heading(level: int, words: str, more: str = "") -> str:
    return f'<text:h text:outline-level="{level}"{more}>{words}</text:h>'


def test_headings_of_an_odt_keep_the_numbers_that_are_counted_for_them() -> None:
    body = (
        heading(1, "Scope"), heading(2, "Who <text:span>it</text:span> is for"), heading(2, ""), heading(2, "Others"),
        heading(3, "Detail"), heading(1, "Contact", ' text:style-name="Plain"'), heading(1, "Conduct"),
        heading(1, "Aside", ' text:is-list-header="true"'), odt_list("steps", heading(2, "Records")),
        heading(1, "Last", ' text:restart-numbering="true" text:start-value="9"'),
    )  # fmt: skip
    found = converted(UploadKind.ODT, files.numbered_odt("".join(body))).split("\n")
    assert [line for line in found if line] == [
        "# 1. Scope", "## 1.1 Who it is for", "## 1.3 Others", "### Detail", "# Contact", "# 2. Conduct", "# Aside",
        "## 1. Records", "# 9. Last",
    ]  # fmt: skip


def test_clauses_of_an_odt_keep_their_numbers_and_other_lists_go_on_as_they_did() -> None:
    lettered = odt_list("", "in writing", "aloud")
    goes_on = ' text:continue-numbering="true"'
    body = (
        odt_list("clauses", f"<text:p>Be good.</text:p>{odt_list('', 'Be kind.', f'<text:p>Ask:</text:p>{lettered}')}"),
        "<text:p>Between.</text:p>",
        odt_list("clauses", odt_list("", "Be brief."), "Be there.", more=goes_on),
        odt_list("steps", "One", "Two", more=' xml:id="steps"'), "<text:p>Wait.</text:p>",
        odt_list("steps", "Three", more=' text:continue-list="steps"'),
    )  # fmt: skip
    found = converted(UploadKind.ODT, files.numbered_odt("".join(body))).replace("\\", "").split("\n")
    assert [line for line in found if line] == [
        "1. Be good.", "1.1 Be kind.", "1.2 Ask:", "- (a) in writing", "- (b) aloud", "Between.", "1.3 Be brief.",
        "2. Be there.", "1.  One", "2.  Two", "Wait.", "3.  Three",
    ]  # fmt: skip


def test_what_is_aside_of_the_text_of_an_odt_counts_for_nothing_and_boxes_keep_their_words() -> None:
    aside = "<text:tracked-changes><text:changed-region text:id='c'><text:deletion>%s</text:deletion>"
    aside = aside % heading(1, "Gone") + "</text:changed-region></text:tracked-changes>"
    box = '<draw:frame xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"><draw:text-box>%s'
    box = box % f"{heading(1, 'In a box')}<text:p>and below</text:p>" + "</draw:text-box></draw:frame>"
    made = files.numbered_odt(f"{aside}{heading(1, 'Scope')}<text:p>Words{box}</text:p>{heading(1, 'Conduct')}")
    text = converted(UploadKind.ODT, made)
    assert text.count("and below") == 1
    assert "# 1. Scope\n\nWords\n" in text
    assert "Gone" not in text


def test_tables_in_tables_and_fields_keep_their_words() -> None:
    inner = "<table><tr><td>one</td><td>two</td></tr><tr><td>three</td></tr></table>"
    nested = f"<table><tr><th>A</th><th>B</th></tr><tr><td>x{inner}</td><td>y</td></tr></table>"
    assert "| x; one; two; three | y |" in converted(UploadKind.DOCX, files.docx(nested))
    table = '<table:table xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0">%s</table:table>'
    cell = "<table:table-row><table:table-cell><text:p>%s</text:p>%s</table:table-cell></table:table-row>"
    body = table % (cell % ("A", "") + cell % ("x", table % (cell % ("one", "") + cell % ("two", ""))))
    fields = "<text:p>On <text:date>1 May</text:date> by <text:sender-title>the clerk</text:sender-title></text:p>"
    text = converted(UploadKind.ODT, files.numbered_odt(body + fields))
    assert "| x one two |" in text
    assert "On 1 May by the clerk" in text


def test_an_odt_whose_styles_cannot_be_read_is_left_as_it_is_and_a_long_one_is_counted_quickly() -> None:
    made = files.numbered_odt(heading(1, "Scope"))
    for content in (b"<office:document", b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'):
        spoilt = files.packed(files.members_of(made) | {"styles.xml": content})
        assert with_odt_numbers(spoilt) == spoilt
    plain = files.odt()
    assert with_odt_numbers(plain) == plain
    long = with_odt_numbers(files.numbered_odt(heading(1, "x") * 20_000))
    assert b">20000. x<" in files.members_of(long)["content.xml"]


def test_lists_counted_in_letters_or_roman_numbers_keep_them_as_words() -> None:
    listed = (
        "<ol type='a'><li>one</li><li>two<ol type='i' start='4'><li>deep</li></ol></li></ol><ol><li>plain</li></ol>"
    )
    text = converted(UploadKind.DOCX, files.docx(listed)).replace("\\", "")
    assert text == "- a. one\n- b. two\n  - iv. deep\n\n1.  plain\n"


def test_it_is_told_what_was_left_out() -> None:
    edge = (
        b'<w:hdr xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:p><w:r><w:t>%s</w:t></w:r>'
        b"</w:p></w:hdr>"
    )
    with_words, with_number = (
        files.with_member(files.docx(), "word/header1.xml", edge % words) for words in (b"Kent", b"3")
    )
    assert convert(UploadKind.DOCX, with_words).traces.has_edges
    assert not convert(UploadKind.DOCX, with_number).traces.has_edges
    assert convert(UploadKind.DOCX, files.long_docx(1)).traces.has_pictures
    plain = convert(UploadKind.DOCX, files.docx()).traces
    assert (plain.has_edges, plain.has_pictures) == (False, False)
    page = (
        b'<office:document-styles xmlns:office="o" xmlns:style="s" xmlns:text="t"><style:header><text:p>Kent</text:p>'
        b"</style:header></office:document-styles>"
    )
    assert traces_in(files.packed(files.members_of(files.odt()) | {"styles.xml": page})).has_edges
    assert not traces_in(files.odt()).has_edges


def test_marks_in_a_pdf_are_words() -> None:
    lines = [Line(line) for line in ("# 1", "", "*a* <b> | [x](y)", "", "• an item of a list")]
    shown = document_html(paragraphs_from([lines])).html
    assert "<h" not in shown
    assert "*a* &lt;b&gt; | [x](y)" in shown
    assert "<li>an item of a list</li>" in shown


def test_a_pdf_of_a_hundred_pages_is_read() -> None:
    made = files.pdf(
        [[f"This is what page {page} of the policy says, line {line}." for line in range(40)] for page in range(100)]
    )
    text = converted(UploadKind.PDF, made)
    assert "page 0 of the policy says, line 0." in text
    assert "page 99 of the policy says, line 39." in text


def test_a_scanned_pdf_is_told_to_hold_no_text() -> None:
    made = files.pdf([[]] * 3, picture_only=True)
    assert recognise("scan.pdf", made) is UploadKind.PDF
    assert refused(UploadKind.PDF, made) == "upload.no_text"


def test_a_protected_or_broken_pdf_is_refused() -> None:
    assert refused(UploadKind.PDF, files.protected_pdf()) == "upload.protected"
    assert refused(UploadKind.PDF, b"%PDF-1.4 nothing that follows is one") == "upload.unreadable"


def test_a_pdf_with_too_many_pages_is_refused() -> None:
    assert refused(UploadKind.PDF, files.pdf([["a"]] * 501)) == "upload.too_many_pages"


def test_a_pdf_that_takes_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversion, "PDF_LIMITS", Limits(memory_kib=30_000, seconds=10, output=1_000_000))
    assert refused(UploadKind.PDF, files.pdf([["words"]])) == "upload.unreadable"


def test_a_child_process_is_held_to_its_time_and_its_output() -> None:
    assert run_within(ROOMY, ["/bin/cat"], b"words") == b"words"
    with pytest.raises(TooMuch):
        run_within(Limits(1024 * 1024, 0.2, 1_000_000), ["/bin/sleep", "5"], b"")
    with pytest.raises(NotConverted):
        run_within(Limits(1024 * 1024, 5, 10_000), ["/bin/cat"], b"x" * 1_000_000)
    with pytest.raises(NotConverted):
        run_within(ROOMY, ["/bin/false"], b"")


def test_a_child_process_knows_nothing_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "not for a child")
    assert b"not for a child" not in run_within(ROOMY, ["/usr/bin/env"], b"")
