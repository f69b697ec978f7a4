"""Putting load on an address with wrk, and reading what it says."""

import os
import re
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
CONNECTIONS = 16
IN_MILLISECONDS = {"us": 0.001, "ms": 1.0, "s": 1_000.0, "m": 60_000.0}
INSTALL = "apt-get install wrk"


class NoWrk(Exception):
    """wrk is not there and may not be installed without asking. The message is what to type."""


@dataclass(frozen=True, slots=True)
class Target:
    """What is asked for, and how. `script` is a file beside this one, `arguments` what it is given."""

    url: str
    headers: tuple[str, ...] = ()
    script: str | None = None
    arguments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Load:
    """What came of some seconds of load: requests a second, latencies in milliseconds, how many went wrong."""

    rate: float
    p50: float
    p99: float
    failed: int
    done: int | None = None
    complaint: str = ""


def find_wrk() -> None:
    """Install wrk where that may be done without a question. Raises NoWrk where it may not."""
    if shutil.which("wrk"):
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise NoWrk(f"Measuring needs wrk. On Debian and Ubuntu type: sudo {INSTALL}")
    for command in ("apt-get --quiet update", f"{INSTALL} --yes --quiet --no-install-recommends"):
        subprocess.run(
            command.split(),
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            stdout=subprocess.DEVNULL,
            check=False,
        )
    if not shutil.which("wrk"):
        raise NoWrk(f"wrk could not be installed. Type: {INSTALL}")


def put_load(target: Target, seconds: int) -> Load:
    """Load an address with 16 connections for some seconds. A script is told, last of all, a word never used before."""
    command = [
        "wrk",
        "--threads",
        "1",
        "--connections",
        str(CONNECTIONS),
        "--duration",
        f"{seconds}s",
        "--latency",
        "--timeout",
        "30s",
    ]
    for header in target.headers:
        command += ["--header", header]
    if target.script:
        command += ["--script", str(HERE / target.script)]
    said = subprocess.run(
        [*command, target.url, "--", *target.arguments, f"{time.time_ns():x}"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return read_wrk(said)


def read_wrk(said: str) -> Load:
    """What wrk printed, as figures."""
    sockets = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", said)
    failed = sum(map(int, sockets.groups())) if sockets else 0
    taken, other = _number(r"Offers taken: (\d+)", said), _number(r"Other answers: (\d+)", said)
    failed += int(other if other is not None else _number(r"Non-2xx or 3xx responses: (\d+)", said) or 0)
    complaint = re.search(r"Another answer: (.*)", said)
    return Load(
        rate=_number(r"Requests/sec:\s+([\d.]+)", said) or 0.0,
        p50=_milliseconds(r"50%\s+([\d.]+)(\w+)", said),
        p99=_milliseconds(r"99%\s+([\d.]+)(\w+)", said),
        failed=failed,
        done=None if taken is None else int(taken),
        complaint=complaint[1] if complaint else "",
    )


def _number(pattern: str, said: str) -> float | None:
    found = re.search(pattern, said)
    return float(found[1]) if found else None


def _milliseconds(pattern: str, said: str) -> float:
    found = re.search(pattern, said)
    return float(found[1]) * IN_MILLISECONDS[found[2]] if found else 0.0
