"""Files that leave as files: saved by the browser, never shown as a page of this site."""

from urllib.parse import quote

from flask import Response

from pipeline.documents.uploads import MEDIA_TYPES, UploadKind, safe_file_name

SANDBOX = "sandbox; default-src 'none'"
OCTETS = "application/octet-stream"


def attachment(content: bytes, media_type: str, file_name: str) -> Response:
    """An answer the browser saves under `file_name`, and in which nothing can run even if somebody has it shown."""
    name = safe_file_name(file_name)
    plain = name.encode("ascii", "ignore").decode().replace("\\", "").replace('"', "") or "document"
    response = Response(content, content_type=media_type)
    named = f"filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    response.headers["Content-Disposition"] = f"attachment; {named}"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = SANDBOX
    return response


def original(content: bytes, kind: str | None, file_name: str) -> Response:
    """The answer with a file as somebody brought it, of a kind (`UploadKind`) where it is known.

    Text is sent as bytes of no known kind: browsers show text.
    """
    known = {UploadKind.DOCX.value, UploadKind.ODT.value, UploadKind.PDF.value}
    response = attachment(content, MEDIA_TYPES[UploadKind(kind)] if kind in known else OCTETS, file_name)
    response.headers["Cache-Control"] = "private, no-store"
    return response
