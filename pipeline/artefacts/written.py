"""The text of a document, as it is typed and as it is shown. Made before work begins: rendering has no place in it."""

from pipeline.artefacts.actions.keeping import text_kept
from pipeline.documents.markdown import Written, document_html


def written_document(text: str) -> Written:
    """Clean and render the text of a whole document, its headings one level below the page's title."""
    text = text_kept(text)
    return Written(text, document_html(text).html)
