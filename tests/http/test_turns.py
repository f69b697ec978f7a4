"""Requests to read take turns in a process, and none waits for long."""

import threading
import time
from typing import Any

import pytest

from pipeline.http import turns
from pipeline.http.turns import InTurn

pytestmark = pytest.mark.pure


class Answering:
    """An application that counts how many of its answers are being made at once, until it is let go on."""

    def __init__(self) -> None:
        self.at_once = self.most = 0
        self.go_on = threading.Event()

    def __call__(self, _environ: Any, _start: Any) -> list[bytes]:
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        self.go_on.wait(5)
        self.at_once -= 1
        return [b"answer"]


def ask(app: InTurn, method: str, number: int) -> list[threading.Thread]:
    threads = [threading.Thread(target=app, args=({"REQUEST_METHOD": method}, None)) for _ in range(number)]
    for thread in threads:
        thread.start()
    return threads


def until(is_so: Any) -> None:
    end = time.monotonic() + 5
    while not is_so() and time.monotonic() < end:
        time.sleep(0.001)
    assert is_so()


def test_reading_requests_are_answered_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "PATIENCE", 60.0)
    answering = Answering()
    threads = ask(InTurn(answering), "GET", 4)
    until(lambda: answering.at_once == 1)
    answering.go_on.set()
    for thread in threads:
        thread.join(5)
    assert answering.most == 1


def test_whoever_has_waited_long_enough_goes_ahead_beside_a_slow_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "PATIENCE", 0.01)
    answering = Answering()
    threads = ask(InTurn(answering), "GET", 2)
    until(lambda: answering.at_once == 2)
    answering.go_on.set()
    for thread in threads:
        thread.join(5)


def test_writing_requests_wait_for_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "PATIENCE", 60.0)
    answering = Answering()
    app = InTurn(answering)
    threads = [*ask(app, "GET", 1), *ask(app, "POST", 2)]
    until(lambda: answering.at_once == 3)
    answering.go_on.set()
    for thread in threads:
        thread.join(5)


def test_an_answer_that_fails_gives_the_turn_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "PATIENCE", 60.0)

    def failing(_environ: Any, _start: Any) -> list[bytes]:
        raise ValueError("no answer")

    app = InTurn(failing)
    for _ in range(2):
        with pytest.raises(ValueError, match="no answer"):
            app({"REQUEST_METHOD": "GET"}, None)
