"""The build of styles, scripts, fonts and pictures."""

import json
import re
from pathlib import Path

import pytest

from pipeline.web.assets import IS_FINGERPRINTED, AssetsNotBuilt, build, read_manifest

pytestmark = pytest.mark.pure


def test_a_file_is_named_by_its_contents() -> None:
    one, same, other = build.Bundle(), build.Bundle(), build.Bundle()
    one.add("logo.svg", b"<svg/>")
    same.add("logo.svg", b"<svg/>")
    other.add("logo.svg", b"<svg></svg>")

    assert one.manifest == same.manifest
    assert one.manifest != other.manifest
    assert re.search(IS_FINGERPRINTED, one.manifest["logo.svg"])


def test_two_files_of_one_name_are_refused() -> None:
    bundle = build.Bundle()
    bundle.add("logo.svg", b"one")

    with pytest.raises(build.BuildFailed, match=r"logo\.svg"):
        bundle.add("logo.svg", b"two")


def test_addresses_in_the_styles_become_fingerprinted() -> None:
    bundle = build.Bundle()
    bundle.add("a.woff2", b"font")
    css = "@font-face{src:url(./files/a.woff2)}p{mask:url(#m);background:url('data:image/png;base64,AA')}"

    rewritten = build.rewrite_styles(css, bundle)

    assert f'url("{bundle.manifest["a.woff2"]}")' in rewritten
    assert "url(#m)" in rewritten
    assert "url('data:image/png;base64,AA')" in rewritten


def test_an_address_of_nothing_stops_the_build() -> None:
    with pytest.raises(build.BuildFailed, match=r"missing\.svg"):
        build.rewrite_styles("p{background:url(missing.svg)}", build.Bundle())


@pytest.mark.parametrize(
    "statement",
    ['import "./other.js"', "import {a} from './other.js'", 'import("./other.js")', 'export * from"./other.js"'],
)
def test_a_script_imports_the_fingerprinted_file(statement: str) -> None:
    bundle = build.Bundle()
    bundle.add("other.js", b"export const a = 1")

    rewritten = build.rewrite_imports("init.js", statement, bundle)

    assert bundle.manifest["other.js"] in rewritten
    assert "./other.js" not in rewritten


def test_a_build_keeps_the_files_of_the_build_before_and_no_older_ones(tmp_path: Path) -> None:
    names = []
    for content in (b"p { color: red }" * 50, b"p { color: blue }" * 50, b"p { color: green }" * 50):
        bundle = build.Bundle()
        bundle.add("pipeline.css", content)
        build.write(bundle, tmp_path)
        names.append(bundle.manifest["pipeline.css"])

    first, second, third = names
    present = {path.name for path in tmp_path.iterdir()}
    assert {second, third, f"{third}.br", f"{third}.gz", "manifest.json"} <= present
    assert not any(name.startswith(first) for name in present)
    assert json.loads((tmp_path / "manifest.json").read_text()) == read_manifest(tmp_path) == {"pipeline.css": third}


def test_without_a_build_the_message_says_what_to_type(tmp_path: Path) -> None:
    with pytest.raises(AssetsNotBuilt, match="make setup"):
        read_manifest(tmp_path)
