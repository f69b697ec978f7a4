"""The tables that a run ends with: of what is served, of what is worked out, and of what git does as well."""

from dataclasses import dataclass

from benchmarks.promises import Promise

RATIOS_HEAD = ("", "", "ms", "git ms", "ratio", "asked", "goal", "")
GROWTH_HEAD = ("", "", "many ms", "few ms", "ratio", "asked", "goal", "")
TIMINGS_HEAD = ("", "", "least ms", "middle ms", "asked", "goal", "")
HEAD = ("", "req/s", "p50 ms", "p99 ms", "ratio", "asked", "goal", "growth", "asked", "failed", "")


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured for one promise; medians over the rounds. `spread` is that of its ceiling."""

    promise: Promise
    rate: float
    p50: float
    p99: float
    ratio: float
    growth: float | None
    failed: int
    spread: float
    complaint: str = ""

    @property
    def shortfalls(self) -> list[str]:
        """Where it falls short of what is asked, in a word or two each."""
        asked = self.promise
        short = [
            (asked.asked is not None and self.ratio < asked.asked, "too slow"),
            (asked.growth is not None and self.growth is not None and self.growth > asked.growth, "grows"),
            (asked.p99 is not None and self.p99 > asked.p99, f"p99 over {asked.p99:.0f}" if asked.p99 else ""),
            (self.failed > 0, "failures"),
        ]
        return [words for is_short, words in short if is_short]


@dataclass(frozen=True, slots=True)
class Timing:
    """How many milliseconds a calculation took, the least and the middle of its runs, and how many it may take."""

    name: str
    words: str
    least: float
    middle: float
    asked: float
    goal: float

    @property
    def is_slow(self) -> bool:
        """Whether it takes longer than is asked."""
        return self.middle > self.asked


@dataclass(frozen=True, slots=True)
class Ratio:
    """How long a calculation takes, and git's for the same, in milliseconds: middles of runs one beside the other.

    `ratio` is the middle of those of each run, and how many times git's time it may take and is to get to follow.
    """

    name: str
    words: str
    taken: float
    by_git: float
    ratio: float
    asked: float
    goal: float

    @property
    def is_slow(self) -> bool:
        """Whether it takes more times git's time than is asked."""
        return self.ratio > self.asked


@dataclass(frozen=True, slots=True)
class Growth:
    """How long an address takes where there is much and where there is little of something, in milliseconds: middles of
    runs in turns. `ratio` is the middle of those of each turn, and what it may be and is to get to follow."""

    name: str
    words: str
    many: float
    few: float
    ratio: float
    asked: float
    goal: float

    @property
    def is_slow(self) -> bool:
        """Whether it grows by more than is asked."""
        return self.ratio >= self.asked


def growth_table(growths: list[Growth]) -> str:
    """Every address where there is much beside where there is little, and how far it may grow."""
    lines = [GROWTH_HEAD, *(_growth_line(growth) for growth in growths)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(GROWTH_HEAD))]
    return "\n".join(_laid_out(line, widths) for line in lines)


def _growth_line(growth: Growth) -> tuple[str, ...]:
    return (
        growth.name,
        growth.words,
        f"{growth.many:.1f}",
        f"{growth.few:.1f}",
        f"{growth.ratio:.2f}",
        f"< {growth.asked:.3g}",
        f"≤ {growth.goal:.3g}",
        "grows" if growth.is_slow else "as asked",
    )


def ratios_table(ratios: list[Ratio]) -> str:
    """Every calculation beside git's, what is asked of it and where it is to get."""
    lines = [RATIOS_HEAD, *(_ratio_line(ratio) for ratio in ratios)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(RATIOS_HEAD))]
    return "\n".join(_laid_out(line, widths) for line in lines)


def _ratio_line(ratio: Ratio) -> tuple[str, ...]:
    return (
        ratio.name,
        ratio.words,
        f"{ratio.taken:.1f}",
        f"{ratio.by_git:.1f}",
        f"{ratio.ratio:.2f}",
        f"≤ {ratio.asked:.3g}",
        f"≤ {ratio.goal:.3g}",
        "too slow" if ratio.is_slow else "as asked",
    )


def timings_table(timings: list[Timing]) -> str:
    """Every timing beside what is asked of it and where it is to get."""
    lines = [TIMINGS_HEAD, *(_timing_line(timing) for timing in timings)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(TIMINGS_HEAD))]
    return "\n".join(_laid_out(line, widths) for line in lines)


def _timing_line(timing: Timing) -> tuple[str, ...]:
    return (
        timing.name,
        timing.words,
        f"{timing.least:.1f}",
        f"{timing.middle:.1f}",
        f"≤ {timing.asked:.3g}",
        f"≤ {timing.goal:.3g}",
        "too slow" if timing.is_slow else "as asked",
    )


def table(figures: list[Figure], noisy_above: float) -> str:
    """Every figure beside what is asked of it and where it is to get."""
    lines = [HEAD, *(_line(figure, noisy_above) for figure in figures)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(HEAD))]
    return "\n".join(_laid_out(line, widths) for line in lines)


def _line(figure: Figure, noisy_above: float) -> tuple[str, ...]:
    promise = figure.promise
    words = [*figure.shortfalls, *(["noisy"] if figure.spread > noisy_above else [])]
    return (
        promise.name,
        f"{figure.rate:,.0f}",
        f"{figure.p50:.1f}",
        f"{figure.p99:.1f}",
        f"{figure.ratio:.3f}",
        _or_nothing(promise.asked, "{:.3g}"),
        _or_nothing(promise.goal, "{:.3g}"),
        _or_nothing(figure.growth, "{:.2f}"),
        _or_nothing(promise.growth, "≤ {:.3g}"),
        str(figure.failed),
        ", ".join(words) or "as asked",
    )


def _or_nothing(value: float | None, form: str) -> str:
    return "–" if value is None else form.format(value)


def _laid_out(line: tuple[str, ...], widths: list[int]) -> str:
    """Words to the left, figures to the right."""
    first, *middle, last = line
    cells = [
        first.ljust(widths[0]),
        *(cell.rjust(width) for cell, width in zip(middle, widths[1:-1], strict=True)),
        last,
    ]
    return "  ".join(cells).rstrip()
