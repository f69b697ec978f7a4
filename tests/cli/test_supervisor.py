"""The supervisor: what it starts, when it starts it again, and how it stops."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from config import Settings
from pipeline.cli import supervisor
from pipeline.cli.supervisor import Child, Supervisor

SLEEPER = ["-c", "import time; time.sleep(60)"]
STUBBORN = [
    "-c",
    "import signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)",
]


def settings(port: int) -> Settings:
    """Settings of a demonstration on the port."""
    return Settings(pipeline_mode="demonstration", public_url=f"http://127.0.0.1:{port}", port=port)


@pytest.mark.pure
def test_a_child_that_keeps_dying_is_started_ever_more_slowly() -> None:
    child = Child("The worker", ["-c", "raise SystemExit(3)"])
    pauses = []
    for _ in range(4):
        child.start(now=0.0)
        assert child.process is not None
        child.process.wait()
        assert child.note_death(now=1.0) == 3
        pauses.append(child.due_at - 1.0)

    assert pauses == [0.0, 1.0, 2.0, 4.0]


@pytest.mark.pure
def test_a_child_that_ran_steadily_is_started_again_at_once() -> None:
    child = Child("The worker", ["-c", ""], pause_seconds=32.0, deaths_in_a_row=6)
    child.start(now=0.0)
    assert child.process is not None
    child.process.wait()

    child.note_death(now=supervisor.STEADY_SECONDS)

    assert child.due_at == supervisor.STEADY_SECONDS
    assert child.deaths_in_a_row == 1


def test_stopping_ends_a_child_that_will_not_listen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "SECONDS_TO_STOP", 0.3)
    watcher = Supervisor(settings(8000))
    watcher.children = [Child("The web server", STUBBORN), Child("The worker", SLEEPER)]
    for child in watcher.children:
        child.start(time.monotonic())
    time.sleep(0.3)

    watcher.stop()

    assert all(child.process is not None and child.process.returncode is not None for child in watcher.children)


@pytest.mark.pure
def test_a_port_in_use_is_told_before_anything_starts(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        monkeypatch.setenv("PIPELINE_MODE", "test")
        monkeypatch.setenv("PORT", str(port))

        assert supervisor.main([]) == 2

    assert f"Port {port} is in use" in capsys.readouterr().err


@pytest.mark.pure
def test_missing_settings_are_told_before_anything_starts(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("PIPELINE_MODE", "SECRET_KEY", "PUBLIC_URL"):
        monkeypatch.delenv(name, raising=False)

    assert supervisor.main(["--check"]) == 2

    said = capsys.readouterr().err
    assert "SECRET_KEY" in said
    assert "PUBLIC_URL" in said


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent died")
def test_a_killed_supervisor_leaves_no_child_behind(tmp_path: Path) -> None:
    note = tmp_path / "child"
    program = (
        "import time; from pipeline.cli.supervisor import Child; "
        f"child = Child('x', {SLEEPER!r}); child.start(0.0); "
        f"open({str(note)!r}, 'w').write(str(child.process.pid)); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", program], cwd=supervisor.PROJECT_FOLDER)
    child_id = wait_for_number(note)

    parent.kill()
    parent.wait()

    assert is_gone(child_id)


def wait_for_number(path: Path) -> int:
    """The number that appears in a file within ten seconds."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if path.exists() and path.read_text():
            return int(path.read_text())
        time.sleep(0.02)
    raise AssertionError(f"nothing was written to {path}")


def is_gone(process_id: int) -> bool:
    """Whether a process ends within five seconds; it is ended here if it does not."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        status = Path(f"/proc/{process_id}/stat")
        try:
            if status.read_text().rsplit(")", 1)[1].split()[0] == "Z":
                return True
        except OSError:
            return True
        time.sleep(0.02)
    os.kill(process_id, signal.SIGKILL)
    return False
