"""The styles, scripts, fonts and pictures of the pages, and what each is called now.

Sources stand beside this file; `build.py` (run by `make setup`) turns them into files whose names carry the hash of
their contents, so that a browser may keep each for ever. Pages name a file by its plain name; the manifest says which
file that is.
"""

import json
from collections.abc import Mapping
from pathlib import Path

from pipeline.web.assets.build import BUILT_FOLDER, FINGERPRINT_DIGITS, MANIFEST_NAME

__all__ = ["BUILT_FOLDER", "IS_FINGERPRINTED", "URL_PREFIX", "AssetsNotBuilt", "read_manifest"]

URL_PREFIX = "/assets/"
# A pattern: a name with a fingerprint never stands for other contents.
IS_FINGERPRINTED = rf"\.[0-9a-f]{{{FINGERPRINT_DIGITS}}}\.[a-z0-9]+$"


class AssetsNotBuilt(RuntimeError):
    """The built files are missing; the message says what to type."""


def read_manifest(folder: Path = BUILT_FOLDER) -> Mapping[str, str]:
    """The fingerprinted name of every asset, by its plain name. Raises AssetsNotBuilt where there is no build."""
    try:
        return dict(json.loads((folder / MANIFEST_NAME).read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise AssetsNotBuilt(f"{folder / MANIFEST_NAME} is missing. Type `make setup` to build the assets.") from None
