"""A program run on what people brought: with so much memory and time, and no more output than was asked for.

The limits are set by the shell that becomes the program: nothing of ours runs between fork and exec. What goes in and
what comes out are files without names, so that a flood of output meets the limit on the size of a file and not the
memory of the process that waits.
"""

import shutil
import signal
import subprocess
import tempfile
from dataclasses import dataclass
from typing import IO

LONGEST_COMPLAINT = 500
_BLOCK = 512
_KILLED_FOR_TIME = (-signal.SIGXCPU, -signal.SIGKILL)
_WITHIN_LIMITS = 'ulimit -v "$1" && ulimit -t "$2" && ulimit -f "$3" && shift 3 && exec "$@"'


class NotConverted(Exception):
    """The program did not make of it what was asked: too large, too slow, or not readable."""


class TooMuch(NotConverted):
    """It took more time or memory than there is."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a program may take: address space in KiB, seconds, and bytes of output."""

    memory_kib: int
    seconds: float
    output: int


def run_within(limits: Limits, command: list[str], content: bytes) -> bytes:
    """Run a command on `content` as standard input, and return its standard output. Raises NotConverted or TooMuch."""
    shell = shutil.which("sh") or "/bin/sh"
    words = [
        shell, "-c", _WITHIN_LIMITS, "sh",
        str(limits.memory_kib), str(max(1, int(limits.seconds))), str(limits.output // _BLOCK + 1), *command,
    ]  # fmt: skip
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as made, tempfile.TemporaryFile() as complaints:
        given.write(content)
        given.seek(0)
        try:
            done = subprocess.run(
                words, stdin=given, stdout=made, stderr=complaints, timeout=limits.seconds, check=False,
                env={"LC_ALL": "C.UTF-8"},
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            raise TooMuch("it took too long") from None
        if done.returncode != 0:
            complaint = _start_of(complaints) or f"the program ended with {done.returncode}"
            is_too_much = done.returncode in _KILLED_FOR_TIME or "heap exhausted" in complaint.lower()
            raise TooMuch(complaint) if is_too_much else NotConverted(complaint)
        made.seek(0)
        return made.read()


def _start_of(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read(LONGEST_COMPLAINT).decode("utf-8", "replace")
