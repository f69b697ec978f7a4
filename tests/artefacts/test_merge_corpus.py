"""On real documents: every true triple, and triples of versions of one document, beside what git makes of them."""

import itertools
import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from pipeline.artefacts.blocks import blocks_of, normal
from pipeline.artefacts.merge import Choice, Decision, merge, resolved
from tests.artefacts.merge_texts import sentences_in

pytestmark = pytest.mark.pure

CORPUS = Path(__file__).parents[2].parent / "shared" / "reference" / "artefacts"

Triple = tuple[str, str, str, str]
"""A name, the base, theirs and ours."""


@pytest.fixture(scope="module")
def texts() -> dict[str, dict[str, str]]:
    """The texts of each document by the name of their file."""
    if not CORPUS.is_dir():
        pytest.skip("the reference texts are not beside this checkout")
    return {
        folder.name: {file.stem: normal(file.read_text(encoding="utf-8")) for file in sorted(folder.glob("*.md"))}
        for folder in sorted(CORPUS.iterdir())
        if folder.is_dir()
    }


@pytest.fixture(scope="module")
def true_triples(texts: dict[str, dict[str, str]]) -> list[Triple]:
    """Each version of a document and of the one it was made from, with their common ancestor."""
    made = []
    for document in json.loads((CORPUS / "index.json").read_text())["documents"]:
        origin = document["derived_from"]
        if not origin or "base" not in texts[document["slug"]]:
            continue
        copies = {name: text for name, text in texts[document["slug"]].items() if name != "base"}
        base = texts[document["slug"]]["base"]
        for (one, theirs), (other, ours) in itertools.product(texts[origin["slug"]].items(), copies.items()):
            if one != "base":
                made.append((f"{document['slug']} {one} {other}", base, theirs, ours))
    assert len(made) > 50
    return made


@pytest.fixture(scope="module")
def version_triples(texts: dict[str, dict[str, str]]) -> list[Triple]:
    """Three versions of one document: each in turn is the base of the two others."""
    made = []
    for document, versions in texts.items():
        names = [name for name in versions if name != "base"]
        for three in itertools.combinations(names[::2], 3):
            for at in range(3):
                base, theirs, ours = three[at], *(name for name in three if name != three[at])
                name = f"{document} {base} {theirs} {ours}"
                made.append((name, versions[base], versions[theirs], versions[ours]))
    return made


def clashes_of_git(triple: Triple, folder: Path, separator: str, cut: Any) -> int:
    """The conflicts git finds with each paragraph on one line."""
    for name, text in zip(("base", "theirs", "ours"), triple[1:], strict=True):
        (folder / name).write_text(separator.join(cut(text)) + "\n", encoding="utf-8")
    done = subprocess.run(
        ["git", "merge-file", "-p", "ours", "base", "theirs"], cwd=folder, capture_output=True, check=False
    )
    assert done.returncode < 128, done.stderr
    return done.returncode


def paragraphs(text: str) -> list[str]:
    return [" ".join(part.split()) for part in re.split(r"\n\s*\n", text) if part.strip()]


def blocks(text: str) -> list[str]:
    return [block.words for block in blocks_of(text) if block.words]


def test_true_triples_merge_with_no_more_clashes_than_git_on_paragraphs(
    true_triples: list[Triple], tmp_path: Path
) -> None:
    for triple in true_triples:
        ours = len(merge(*triple[1:]).clashes)
        for cut, separator in itertools.product((paragraphs, blocks), ("\n", "\n\n")):
            assert ours <= clashes_of_git(triple, tmp_path, separator, cut), (triple[0], cut.__name__, separator)


def test_versions_of_one_document_merge_with_fewer_clashes_than_git_on_paragraphs(
    version_triples: list[Triple], tmp_path: Path
) -> None:
    ours = gits = more = 0
    for triple in version_triples:
        mine, other = len(merge(*triple[1:]).clashes), clashes_of_git(triple, tmp_path, "\n\n", paragraphs)
        ours, gits, more = ours + mine, gits + other, more + (mine > other)
    assert ours <= 0.7 * gits
    assert more == 0


def test_no_sentence_is_lost_or_invented_whatever_is_chosen(
    true_triples: list[Triple], version_triples: list[Triple]
) -> None:
    for name, *three in [*true_triples, *version_triples]:
        merged = merge(*three)
        base, theirs, ours = map(sentences_in, three)
        for choice in (Choice.THEIRS, Choice.OURS, Choice.BASE):
            text = resolved(merged, {part.number: Decision(choice) for part in merged.clashes})
            said = sentences_in(text)
            assert said <= base | theirs | ours, (name, said - (base | theirs | ours))
            assert said >= base & theirs & ours, (name, (base & theirs & ours) - said)
            if choice is Choice.THEIRS:
                assert said >= theirs - base, (name, theirs - base - said)
            if choice is Choice.OURS:
                assert said >= ours - base, (name, ours - base - said)


def test_the_parts_of_every_triple_are_its_texts_again(
    true_triples: list[Triple], version_triples: list[Triple]
) -> None:
    for _name, base, theirs, ours in [*true_triples, *version_triples]:
        merged = merge(base, theirs, ours)
        assert "".join(part.base for part in merged.parts) == base
        assert "".join(part.theirs for part in merged.parts) == theirs
        assert "".join(part.ours for part in merged.parts) == ours


def test_each_version_taken_in_unchanged_is_that_version(texts: dict[str, dict[str, str]]) -> None:
    for versions in texts.values():
        for one, other in itertools.permutations(versions.values(), 2):
            assert merge(one, other, one).text == other
            assert merge(one, one, other).text == other
            assert merge(one, other, other).text == other
