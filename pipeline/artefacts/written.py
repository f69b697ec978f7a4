"""The text of a document, as it is typed and as it is shown. Made before work begins: rendering has no place in it."""

from pipeline.artefacts.actions.keeping import text_kept
from pipeline.documents.downloads import BACK_TO_NOTE
from pipeline.documents.markdown import Written, document_html
from pipeline.kernel.translation import said_in


def written_document(text: str, language: str = "en") -> Written:
    """Clean and render the text of a whole document, its headings one level below the page's title. What its notes call
    the way back is said in its `language`."""
    text = text_kept(text)
    return Written(text, document_html(text, back=said_in(BACK_TO_NOTE, language)).html)
