"""What is wrong with how a page looks: axe's findings, and sideways scrolling; and the browser it is looked at in."""

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = shutil.which("chromium")
SWITCHES = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
]  # fmt: skip
WIDTHS = (320, 1280)


@contextmanager
def a_browser() -> Iterator[Browser]:
    """Chromium, for as long as it is needed. There must be one (`CHROMIUM`)."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield browser
        browser.close()


def axe_says(page: Page) -> list[str]:
    """What axe finds on a page, in a line each."""
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [f"{one['id']}: {one['help']} {[node['html'][:160] for node in one['nodes'][:3]]}" for one in found]


def too_wide(page: Page, widths: Iterable[int]) -> list[str]:
    """Where a page is wider than its window, so that one has to scroll sideways; it is left at the last width."""
    said = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            said.append(f"it is {wide} px wide at {width} px")
    return said
