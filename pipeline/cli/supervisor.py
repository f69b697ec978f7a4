"""Runs the whole site as one command: gunicorn and one `flask worker`, until Ctrl-C or SIGTERM ends both.

`python -m pipeline.cli.supervisor` is what `make run` and `make serve` start. A child that dies is started again, at
once the first time and then ever more slowly. Where the site never answered at all and gunicorn keeps dying, there is
nothing to wait for and the supervisor gives up with exit code 1. `--check` only says whether it could start.

It imports nothing of the application but its settings, so that it starts at once and stays small.
"""

import ctypes
import http.client
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from config import Settings, SettingsError

PROJECT_FOLDER = Path(__file__).resolve().parents[2]
GUNICORN = ["-m", "gunicorn", "--config", "pipeline/cli/gunicorn_settings.py", "wsgi:app"]
WORKER = ["-m", "flask", "--app", "wsgi", "worker"]

SHORTEST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 60.0
STEADY_SECONDS = 30.0  # a child that lived this long starts with a clean slate when it dies
SECONDS_TO_STOP = 25.0  # longer than gunicorn gives its own processes
TRIES_BEFORE_GIVING_UP = 3
LOOK_EVERY_SECONDS = 0.2
PR_SET_PDEATHSIG = 1  # from Linux's <sys/prctl.h>


def say(sentence: str) -> None:
    """Tells whoever watches the terminal or reads the service's log."""
    print(sentence, flush=True)


def is_port_taken(settings: Settings) -> bool:
    """Whether something else already listens where the site should."""
    family = socket.AF_INET6 if ":" in settings.bind else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind((settings.bind, settings.port))
        except OSError:
            return True
    return False


def die_with_supervisor() -> Callable[[], None] | None:
    """What a child does before it starts, so that a killed supervisor leaves nobody holding the port (Linux only)."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    return lambda: prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Child:
    """One program that is to be running, and when to try again after it died. Times are monotonic seconds."""

    name: str
    arguments: list[str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    due_at: float = 0.0
    pause_seconds: float = 0.0
    deaths_in_a_row: int = 0

    def start(self, now: float) -> None:
        """Starts the program in a session of its own: Ctrl-C reaches the supervisor only, which stops it in order."""
        self.process = subprocess.Popen(
            [sys.executable, *self.arguments],
            cwd=PROJECT_FOLDER,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=die_with_supervisor(),  # noqa: PLW1509  (the supervisor has one thread)
        )
        self.started_at = now

    def note_death(self, now: float) -> int | None:
        """The exit code if the program has died since the last look, with the next start put off accordingly."""
        if self.process is None or (code := self.process.poll()) is None:
            return None
        self.process = None
        if now - self.started_at >= STEADY_SECONDS:
            self.pause_seconds, self.deaths_in_a_row = 0.0, 0
        self.due_at = now + self.pause_seconds
        self.pause_seconds = min(max(self.pause_seconds * 2, SHORTEST_PAUSE_SECONDS), LONGEST_PAUSE_SECONDS)
        self.deaths_in_a_row += 1
        return code

    def send(self, number: signal.Signals) -> None:
        """Sends a signal to the program if it runs."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)

    def kill_group(self) -> None:
        """Ends the program and everything it started, at once."""
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


class Supervisor:
    """Keeps the children running until it is told to stop."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.web = Child("The web server", GUNICORN)
        self.worker = Child("The worker", WORKER)
        self.children = [self.web, self.worker]
        self.times_told_to_stop = 0
        self.has_answered = False
        self.woken, self.waker = os.pipe()

    def run(self) -> int:
        """Starts both, watches over them, stops them. The result is the exit code."""
        self.listen_for_signals()
        while not self.times_told_to_stop:
            now = time.monotonic()
            for child in self.children:
                self.look_after(child, now)
            if self.web.deaths_in_a_row >= TRIES_BEFORE_GIVING_UP and not self.has_answered:
                say("The web server cannot start; what it says is above.")
                self.stop()
                return 1
            if not self.has_answered and does_answer(self.settings):
                self.has_answered = True
                announce(self.settings)
            self.wait(self.seconds_until_next_look(time.monotonic()))
        say("Stopping…")
        self.stop()
        return 0

    def listen_for_signals(self) -> None:
        """Ctrl-C, SIGTERM and a closed terminal (SIGHUP) mean stop; a child's death wakes the loop."""
        os.set_blocking(self.waker, False)
        signal.set_wakeup_fd(self.waker, warn_on_full_buffer=False)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            # `nohup` has SIGHUP ignored before we start, and means it.
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self.note_stop)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)

    def note_stop(self, number: int, frame: FrameType | None) -> None:
        """A signal handler: remembers that somebody wants the site to stop."""
        self.times_told_to_stop += 1

    def look_after(self, child: Child, now: float) -> None:
        """Says so when the child has died, and starts it when it is due."""
        if (code := child.note_death(now)) is not None:
            again = "now" if child.due_at <= now else f"in {round(child.due_at - now)} s"
            say(f"{child.name} ended ({describe(code)}); starting it again {again}.")
        if child.process is None and child.due_at <= now:
            child.start(now)

    def seconds_until_next_look(self, now: float) -> float | None:
        """How long nothing can happen without a signal: until a child is due, or for ever (None)."""
        if not self.has_answered:
            return LOOK_EVERY_SECONDS
        return min((max(child.due_at - now, 0) for child in self.children if child.process is None), default=None)

    def wait(self, seconds: float | None) -> None:
        """Sleeps until the time is up or a signal comes, and forgets the bytes by which signals wake us."""
        if select.select([self.woken], [], [], seconds)[0]:
            os.read(self.woken, 4096)

    def stop(self) -> None:
        """Asks every child to finish what it is doing, and ends those that do not; a second Ctrl-C does so at once."""
        told_before = self.times_told_to_stop
        for child in self.children:
            child.send(signal.SIGTERM)
        deadline = time.monotonic() + SECONDS_TO_STOP
        while any(child.process is not None and child.process.poll() is None for child in self.children):
            if time.monotonic() > deadline or self.times_told_to_stop > told_before:
                break
            self.wait(LOOK_EVERY_SECONDS)
        for child in self.children:
            child.kill_group()


def describe(code: int) -> str:
    """An exit code in words, as subprocess gives it: negative where a signal ended the program."""
    return f"exit code {code}" if code >= 0 else f"signal {-code}"


def does_answer(settings: Settings) -> bool:
    """Whether the site answers /healthz yet."""
    here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.bind, settings.bind)  # noqa: S104
    connection = http.client.HTTPConnection(here, settings.port, timeout=2)
    try:
        connection.request("GET", "/healthz", headers={"Host": settings.public_host})
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def announce(settings: Settings) -> None:
    """Says where the site is and, in the demonstration, how to be somebody there."""
    say(f"\nPipeline is at {settings.public_url}")
    if settings.is_demonstration:
        say(f"Sign in as any of the made-up officers, one button each: {settings.public_url}/demonstration")
        say(f"The mail they are sent: {settings.public_url}/demonstration/mail")
    say("Ctrl-C stops it.\n")


def main(arguments: list[str]) -> int:
    """Checks that the site could start, then runs it. The result is the exit code: 2 where something is missing."""
    try:
        settings = Settings.from_environment()
    except SettingsError as error:
        print("Pipeline cannot start yet:", *[f"- {problem}" for problem in error.problems], sep="\n", file=sys.stderr)
        print("docs/configuration.md lists every setting. To look around without any, type: make run", file=sys.stderr)
        return 2
    if is_port_taken(settings):
        print(
            f"Port {settings.port} is in use. Choose another, for instance: PORT={settings.port + 1}", file=sys.stderr
        )
        return 2
    return 0 if "--check" in arguments else Supervisor(settings).run()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
