"""What the benchmark reads from wrk and how it judges it."""

import pytest

from benchmarks.load import Load, read_wrk
from benchmarks.promises import PROMISE_BY_NAME
from benchmarks.report import Figure, Timing, table, timings_table
from benchmarks.run import Measured, figure_of, spread

pytestmark = pytest.mark.pure

SAID = """Running 8s test @ http://127.0.0.1:8900/
  1 threads and 16 connections
  Latency Distribution
     50%    3.40ms
     75%    4.10ms
     90%    5.00ms
     99%    1.20s
  27000 requests in 8.00s, 1.20GB read
  Socket errors: connect 0, read 1, write 0, timeout 2
  Non-2xx or 3xx responses: 4
Requests/sec:   3375.12
Transfer/sec:    153.00MB
"""


def load(rate: float, p99: float = 10.0, failed: int = 0) -> Load:
    return Load(rate=rate, p50=5.0, p99=p99, failed=failed)


def figure(name: str, ratio: float, growth: float | None = None, p99: float = 10.0, failed: int = 0) -> Figure:
    return Figure(PROMISE_BY_NAME[name], 100.0, 5.0, p99, ratio, growth, failed, spread=0.05)


def test_rates_latencies_and_failures_are_read_from_wrk() -> None:
    read = read_wrk(SAID)
    assert (read.rate, read.p50, read.p99, read.failed) == (3375.12, 3.4, 1200.0, 7)
    assert read.done is None


def test_an_answer_to_a_post_that_is_not_the_hoped_for_one_is_a_failure() -> None:
    read = read_wrk(SAID + "Another answer: 302 /sign-in\nOffers taken: 90\nOther answers: 5\n")
    assert (read.done, read.failed, read.complaint) == (90, 8, "302 /sign-in")


def test_a_ratio_is_the_middle_of_those_of_the_rounds() -> None:
    measured = Measured(
        [load(10), load(20), load(12)], [load(11), load(22), load(12)], [load(100), load(100), load(40)]
    )
    made = figure_of(PROMISE_BY_NAME["api-list"], measured)
    assert made.ratio == pytest.approx(0.2)
    assert made.growth == pytest.approx(1.1)


def test_a_ceiling_that_moves_is_noticed() -> None:
    assert spread([load(100), load(104), load(97)]) == pytest.approx(0.07)


def test_the_table_says_where_something_falls_short() -> None:
    said = table(
        [
            figure("api-list", 0.25, growth=1.1),
            figure("search", 0.02, growth=2.5),
            figure("pledge", 0.05, p99=450.0, failed=3),
        ],
        noisy_above=0.15,
    ).splitlines()
    assert said[1].endswith("as asked")
    assert said[2].endswith("too slow, grows")
    assert said[3].endswith("p99 over 400, failures")


def test_a_busy_machine_is_named() -> None:
    assert table([figure("api-list", 0.25)], noisy_above=0.01).endswith("noisy")


def test_a_calculation_that_takes_longer_than_is_asked_is_named() -> None:
    said = timings_table(
        [Timing("crowd", "of some", 4.0, 19.9, 20, 10), Timing("staircase", "of many", 90.0, 200.1, 200, 80)]
    ).splitlines()
    assert said[1].endswith("as asked")
    assert said[2].endswith("too slow")
