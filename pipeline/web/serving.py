"""Serving the built assets with WhiteNoise: fingerprinted files, kept by browsers for ever."""

import re
from collections.abc import Callable
from typing import Any

from whitenoise import WhiteNoise

from config import Settings
from pipeline.web.assets import BUILT_FOLDER, IS_FINGERPRINTED, URL_PREFIX

STYLES_OF_FRAMES = f"{URL_PREFIX}embed."

_FINGERPRINTED = re.compile(IS_FINGERPRINTED)


def serve_assets(application: Callable[..., Any], settings: Settings) -> Callable[..., Any]:
    """Answer `/assets/…` from the built folder before the application is asked."""
    BUILT_FOLDER.mkdir(parents=True, exist_ok=True)
    return WhiteNoise(
        application,
        root=str(BUILT_FOLDER),
        prefix=URL_PREFIX,
        allow_all_origins=False,
        max_age=60,
        immutable_file_test=lambda _path, url: bool(_FINGERPRINTED.search(url)),
        add_headers_function=_add_headers,
    )


def _add_headers(headers: Any, _path: str, url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    # A frame on another site may be sandboxed: then its page has no origin, and its stylesheet is from elsewhere.
    is_of_frames = url.startswith(STYLES_OF_FRAMES)
    headers["Cross-Origin-Resource-Policy"] = "cross-origin" if is_of_frames else "same-origin"
