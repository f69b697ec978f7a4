"""Documents for word processors, written by pandoc: a program of its own, never linked.

It reads nothing but what it is given (`--sandbox`) and is held to so much memory and time: what it is given may come
from people.
"""

import shutil
import subprocess
from functools import lru_cache

LONGEST_SECONDS = 20
MOST_HEAP = "256M"
MOST_MEMORY_KIB = 2 * 1024 * 1024
"""Address space: far more than the heap, which is what pandoc's runtime sets aside and hardly uses."""
MOST_HTML = 1_000_000
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

# The limits are set by the shell that becomes pandoc: nothing of ours runs between fork and exec.
_WITHIN_LIMITS = 'ulimit -v "$1" && ulimit -t "$2" && shift 2 && exec "$@"'


class NotConverted(Exception):
    """Pandoc did not make a document of it: too large, too slow, or not readable."""


@lru_cache(maxsize=1)
def pandoc() -> str:
    """The path of the program."""
    import pypandoc  # type: ignore[import-untyped]

    return str(pypandoc.get_pandoc_path())


def docx_from_html(html: str) -> bytes:
    """An HTML document as a .docx: what people wrote goes in by standard input alone. Raises NotConverted."""
    if len(html) > MOST_HTML:
        raise NotConverted("the text is too long")
    return _run([pandoc(), "--sandbox", "--from=html", "--to=docx", "--output=-"], html.encode())


def _run(command: list[str], content: bytes) -> bytes:
    limits = [str(MOST_MEMORY_KIB), str(LONGEST_SECONDS)]
    shell = shutil.which("sh") or "/bin/sh"
    try:
        done = subprocess.run(
            [shell, "-c", _WITHIN_LIMITS, "sh", *limits, *command, "+RTS", f"-M{MOST_HEAP}", "-RTS"],
            input=content, capture_output=True, timeout=LONGEST_SECONDS, check=False, env={"LC_ALL": "C.UTF-8"},
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise NotConverted("it took too long") from None
    if done.returncode != 0 or not done.stdout:
        raise NotConverted(done.stderr.decode("utf-8", "replace")[:500] or f"pandoc ended with {done.returncode}")
    return done.stdout
