"""Many at once: threads that start together and whose failures are not lost."""

import threading
from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")


def at_once(number: int, act: Callable[[int], Result]) -> list[Result | Exception]:
    """Call `act(0)` … `act(number - 1)` in as many threads at the same moment; return what each returned or raised."""
    results: list[Result | Exception] = [RuntimeError("did not finish")] * number
    start = threading.Barrier(number)

    def run(place: int) -> None:
        start.wait()
        try:
            results[place] = act(place)
        except Exception as error:
            results[place] = error

    threads = [threading.Thread(target=run, args=(place,)) for place in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def failures(results: list[Result | Exception]) -> list[Exception]:
    """What was raised."""
    return [result for result in results if isinstance(result, Exception)]
