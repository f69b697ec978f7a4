"""The collector of a process that serves."""

import gc


def settle_collector() -> None:
    """Have the collector leave alone what the process was started with, and look less often at what requests leave.

    It would otherwise walk over the whole application again and again and find nothing: a tenth of a pledge’s time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)
