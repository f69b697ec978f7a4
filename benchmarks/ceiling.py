"""The ceiling: bare Flask answering constant bytes, served as Pipeline is.

It is what a Flask application can at most answer with a body of that size on this machine at this moment. The folder
`CEILING_ANSWERS` holds one file for each answer; `/redirect` answers 302 as a pledge does.
"""

import os
from pathlib import Path

from flask import Flask, Response, redirect
from werkzeug.wrappers import Response as AnyResponse

KINDS = {".json": "application/json", ".html": "text/html"}


def make_app(folder: Path) -> Flask:
    """An application that answers each file of a folder at its name without the ending."""
    bare = Flask(__name__)
    for file in sorted(folder.iterdir()):
        _answer_with(bare, file.stem, file.read_bytes(), KINDS[file.suffix])

    @bare.get("/redirect")
    def send_on() -> AnyResponse:
        return redirect("/elsewhere")

    return bare


def _answer_with(bare: Flask, name: str, body: bytes, mimetype: str) -> None:
    bare.add_url_rule(f"/{name}", name, lambda: Response(body, mimetype=mimetype))


app = make_app(Path(os.environ["CEILING_ANSWERS"]))
