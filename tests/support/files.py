"""Makes files as people bring them: real documents by pandoc, then altered, and the hostile ones by hand."""

import io
import re
import zipfile
import zlib
from collections.abc import Callable

from pipeline.documents.office import docx_from_html, odt_from_html

NOTE_WORDS = "As the council decided in its meeting"
PIXEL = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00:~\x9bU\x00\x00\x00\nIDATx\x9cc`"
    b"\x00\x00\x00\x02\x00\x01H\xaf\xa4q\x00\x00\x00\x00IEND\xaeB`\x82"
)


def members_of(package: bytes) -> dict[str, bytes]:
    """The members of a zip archive by name."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(members: dict[str, bytes]) -> bytes:
    """A zip archive of members, in this order."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return made.getvalue()


def altered(package: bytes, **changes: Callable[[bytes], bytes] | bytes) -> bytes:
    """The same archive with members changed or added: `document=` stands for word/document.xml."""
    names = {
        "document": "word/document.xml", "types": "[Content_Types].xml", "manifest": "META-INF/manifest.xml",
        "styles": "word/styles.xml", "core": "docProps/core.xml", "content": "content.xml",
        "comments": "word/comments.xml",
    }  # fmt: skip
    members = members_of(package)
    for name, change in changes.items():
        own = names.get(name, name)
        members[own] = change if isinstance(change, bytes) else change(members[own])
    return packed(members)


def with_member(package: bytes, name: str, content: bytes = b"x") -> bytes:
    """The same archive with one member more."""
    return packed(members_of(package) | {name: content})


def docx(html: str = "<p>One paragraph of a policy.</p>") -> bytes:
    """A .docx of HTML."""
    return docx_from_html(f"<html lang='en'><body>{html}</body></html>")


def odt(html: str = "<p>One paragraph of a policy.</p>") -> bytes:
    """An .odt of HTML."""
    return odt_from_html(f"<html lang='en'><body>{html}</body></html>")


def in_body(xml: str) -> Callable[[bytes], bytes]:
    """Puts WordprocessingML at the end of the body of a document."""

    def change(content: bytes) -> bytes:
        text = content.decode()
        place = text.rindex("<w:sectPr")
        return (text[:place] + xml + text[place:]).encode()

    return change


def tracked(kept: str, inserted: str, deleted: str) -> str:
    """A paragraph with an insertion by Ann Lee and a deletion by Bob Day, not yet accepted."""
    return (
        f'<w:p><w:r><w:t xml:space="preserve">{kept} </w:t></w:r>'
        f'<w:ins w:id="900" w:author="Ann Lee" w:date="2026-01-01T00:00:00Z"><w:r><w:t>{inserted}</w:t></w:r></w:ins>'
        f'<w:del w:id="901" w:author="Bob Day" w:date="2026-01-01T00:00:00Z"><w:r><w:delText>{deleted}</w:delText>'
        "</w:r></w:del></w:p>"
    )


def footnote(number: int) -> str:
    """A paragraph with a mark of a footnote; its words stand in word/footnotes.xml."""
    return (
        f'<w:p><w:r><w:t>Noted {number}</w:t></w:r><w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr>'
        f'<w:footnoteReference w:id="{number}"/></w:r></w:p>'
    )


def picture(words: str) -> str:
    """A paragraph with a picture that says what it shows."""
    return (
        '<w:p><w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/'
        f'wordprocessingDrawing"><wp:docPr id="1" name="Picture" descr="{words}"/><a:graphic xmlns:a="http://schemas.'
        'openxmlformats.org/drawingml/2006/main"><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/'
        'picture"><pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:blipFill>'
        '<a:blip r:embed="rIdPixel" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"/>'
        "</pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
    )


def text_box(words: str) -> str:
    """A paragraph with a text box, kept twice as Word does: for itself and for programs that are older."""
    box = f"<w:txbxContent><w:p><w:r><w:t>{words}</w:t></w:r></w:p></w:txbxContent>"
    return (
        '<w:p><w:r><w:t>Beside the box</w:t></w:r><w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/'
        'markup-compatibility/2006" xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">'
        f'<mc:Choice Requires="wps"><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict>'
        f'<v:textbox xmlns:v="urn:schemas-microsoft-com:vml">{box}</v:textbox></w:pict></mc:Fallback>'
        "</mc:AlternateContent></w:r></w:p>"
    )


def long_docx(pages: int) -> bytes:
    """A .docx of so many pages of some 400 words: headings, lists, tables, footnotes, pictures, tracked changes."""
    page = "Officers keep a record of what they publish and why they did. " * 30
    html = "".join(
        f"<h1>Section {number}</h1><p>{page}</p><ul><li>First point {number}<ul><li>Within it</li></ul></li></ul>"
        f"<ol><li>Step {number}</li></ol>"
        f"<table><tr><th>Who</th><th>When</th></tr><tr><td>Lead {number}</td><td><p>By May</p><p>or June</p></td></tr>"
        "</table>"
        for number in range(1, pages + 1)
    )
    notes = "".join(
        f'<w:footnote w:id="{number}"><w:p><w:r><w:t>{NOTE_WORDS} {number}.</w:t></w:r></w:p></w:footnote>'
        for number in range(1, pages + 1)
    )
    body = "".join(footnote(number) + picture(f"Diagram {number}") for number in range(1, pages + 1))
    body += tracked("It is", "now so", "no longer so") + text_box("In a box of its own")
    made = altered(docx(html), document=in_body(body))
    members = members_of(made)
    members["word/footnotes.xml"] = re.sub(
        rb"</w:footnotes>", notes.encode() + b"</w:footnotes>", members["word/footnotes.xml"]
    )
    members["word/_rels/document.xml.rels"] = members["word/_rels/document.xml.rels"].replace(
        b"</Relationships>",
        b'<Relationship Id="rIdPixel" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" '
        b'Target="media/pixel.png"/></Relationships>',
    )
    members["word/media/pixel.png"] = PIXEL
    return packed(members)


def bomb(member: str = "word/document.xml", megabytes: int = 60) -> bytes:
    """A .docx of a few hundred kB that unpacks to `megabytes`."""
    return altered(docx(), **{member: b"<?xml version='1.0'?><a>" + b"x" * (megabytes * 1_000_000) + b"</a>"})


def lying_bomb() -> bytes:
    """A bomb whose own list says that it unpacks to next to nothing."""
    made = bomb("word/theme/theme1.xml", 40)
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        place = archive.getinfo("word/theme/theme1.xml")
        size = place.file_size.to_bytes(4, "little")
    assert made.count(size) >= 2
    return made.replace(size, (1_000).to_bytes(4, "little"))


def ole(stream: str) -> bytes:
    """The start of an OLE compound file with a stream of this name: .doc, or what Word makes with a password."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000) + stream.encode("utf-16-le") + bytes(2000)


def pdf(pages: list[list[str]], *, trailer: str = "", picture_only: bool = False) -> bytes:
    """A PDF of pages of lines; with `picture_only` each page holds a picture and nothing else."""
    objects: list[bytes] = [b"", b"", b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    objects.append(_stream(zlib.compress(b"\xff" * 64), "/Type /XObject /Subtype /Image /Width 8 /Height 8 "
                   "/ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /FlateDecode"))  # fmt: skip
    kids = []
    for lines in pages:
        shown = [f"({line.replace('(', '').replace(')', '')}) Tj 0 -14 Td" for line in lines]
        drawn = "q 500 0 0 700 50 50 cm /Im1 Do Q" if picture_only else f"BT /F1 11 Tf 50 780 Td {' '.join(shown)} ET"
        objects.append(_stream(drawn.encode("latin-1"), ""))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> "
            b"/XObject << /Im1 4 0 R >> >> /Contents %d 0 R >>" % len(objects)
        )
        kids.append(f"{len(objects)} 0 R")
    objects[0] = b"<< /Type /Catalog /Pages 2 0 R >>"
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>".encode()
    return _pdf_of(objects, trailer)


def pdf_in_types(pages: list[list[tuple[int, str, str]]]) -> bytes:
    """A PDF of pages of lines, each with its size in points and its font: F1 is plain, F2 bold."""
    objects: list[bytes] = [b"", b""]
    objects += [b"<< /Type /Font /Subtype /Type1 /BaseFont /%s >>" % name for name in (b"Helvetica", b"Helvetica-Bold")]
    kids = []
    for lines in pages:
        shown = [f"/{font} {size} Tf ({words}) Tj 0 -{size + 6} Td" for size, font, words in lines]
        objects.append(_stream(f"BT 50 780 Td {' '.join(shown)} ET".encode("latin-1"), ""))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> "
            b"/Contents %d 0 R >>" % len(objects)
        )
        kids.append(f"{len(objects)} 0 R")
    objects[0] = b"<< /Type /Catalog /Pages 2 0 R >>"
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>".encode()
    return _pdf_of(objects, "")


_NUMBERING = """<?xml version="1.0" encoding="UTF-8"?>
<w:numbering xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">
<w:abstractNum w:abstractNumId="70">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:pStyle w:val="Heading1"/><w:lvlText w:val="%1."/>
</w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:pStyle w:val="Heading2"/>
<w:lvlText w:val="%1.%2"/>
</w:lvl>
</w:abstractNum>
<w:abstractNum w:abstractNumId="71">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
</w:abstractNum>
<w:num w:numId="70"><w:abstractNumId w:val="70"/></w:num><w:num w:numId="71"><w:abstractNumId w:val="71"/></w:num>
</w:numbering>"""


def numbered_docx(*paragraphs: tuple[str, str]) -> bytes:
    """A .docx whose headings Word counts, by their styles, and with them its clauses ("clause", level 2 of the same
    list); "list" are items of a list of its own. "unnumbered" is a heading that counts nothing."""
    marks = {
        "clause": '<w:numPr><w:ilvl w:val="1"/><w:numId w:val="70"/></w:numPr>',
        "list": '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="71"/></w:numPr>',
        "unnumbered": '<w:pStyle w:val="Heading1"/><w:numPr><w:numId w:val="0"/></w:numPr>',
    }
    made: list[str] = []
    for kind, words in paragraphs:
        properties = marks.get(kind, f'<w:pStyle w:val="{kind}"/>' if kind else "")
        run = f"<w:r><w:t>{words}</w:t></w:r>" if words else ""
        made.append(f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{run}</w:p>")
    body = "".join(made)

    def only(content: bytes) -> bytes:
        text = content.decode()
        start, end = text.index("<w:body>") + len("<w:body>"), text.rindex("<w:sectPr")
        return (text[:start] + body + text[end:]).encode()

    def counted(content: bytes) -> bytes:
        text = content.decode()
        for style in ("Heading1", "Heading2"):
            start = text.index("<w:pPr>", text.index(f'w:styleId="{style}"')) + len("<w:pPr>")
            text = f'{text[:start]}<w:numPr><w:numId w:val="70"/></w:numPr>{text[start:]}'
        return text.encode()

    return altered(docx(), document=only, styles=counted, **{"word/numbering.xml": _NUMBERING.encode()})


def protected_pdf() -> bytes:
    """A PDF nobody opens without its password."""
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf([["A secret policy of the council"]]))))
    writer.encrypt("secret", algorithm="RC4-128")
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def _stream(content: bytes, entries: str) -> bytes:
    return f"<< {entries} /Length {len(content)} >>\nstream\n".encode() + content + b"\nendstream"


def _pdf_of(objects: list[bytes], trailer: str) -> bytes:
    made, places = bytearray(b"%PDF-1.4\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(made))
        made += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    start = len(made)
    made += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    made += b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    made += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(made)


ODT_HEADINGS = (
    '<text:outline-style style:name="Outline"><text:outline-level-style text:level="1" style:num-format="1" '
    'style:num-suffix="."/><text:outline-level-style text:level="2" style:num-format="1" text:display-levels="2"/>'
    '<text:outline-level-style text:level="3" style:num-format=""/></text:outline-style>'
)
ODT_LISTS = (
    '<text:list-style style:name="clauses"><text:list-level-style-number text:level="1" style:num-format="1" '
    'style:num-suffix="."/><text:list-level-style-number text:level="2" style:num-format="1" text:display-levels="2"/>'
    '<text:list-level-style-number text:level="3" style:num-format="a" style:num-prefix="(" style:num-suffix=")"/>'
    '</text:list-style><text:list-style style:name="steps"><text:list-level-style-number text:level="1" '
    'style:num-format="1" style:num-suffix="."/></text:list-style><style:style style:name="Plain" '
    'style:family="paragraph" style:parent-style-name="Heading_20_1" style:list-style-name=""/>'
)


def numbered_odt(body: str) -> bytes:
    """An .odt of this text, whose headings of levels 1 and 2 are counted ("Plain" is a style of those that are not),
    and with two styles of lists: "clauses" count 1., 1.1 and (a), "steps" 1."""
    members = members_of(odt())
    text, styles = members["content.xml"].decode(), members["styles.xml"].decode()
    start = text.index(">", text.index("<office:text")) + 1
    text = text[:start] + body + text[text.index("</office:text>") :]
    place = text.index("</office:automatic-styles>")
    members["content.xml"] = (text[:place] + ODT_LISTS + text[place:]).encode()
    styles = re.sub("<text:outline-style.*?</text:outline-style>", "", styles, flags=re.DOTALL)
    place = styles.index("</office:styles>")
    members["styles.xml"] = (styles[:place] + ODT_HEADINGS + styles[place:]).encode()
    return packed(members)
