"""Texts to merge, made up by hypothesis, and how a test reads what is in one."""

import re

from hypothesis import strategies as st

from pipeline.artefacts.blocks import BlockKind, blocks_of, sentences_of

MARKER = re.compile(r"[ \t]*(?:(?:[-*+]|\d{1,9}[.)]|#{1,6})(?:[ \t]+|(?=\s)|$))?")

SENTENCES = (
    "Officers use official accounts.", "Ask the press office first!", "Is it urgent?",
    "Records are kept for six years.", "Councillors have accounts of their own.", "Never share a password.",
    "e.g. a fire or a flood.", "See annex B", "Records are kept for seven years.", "Ask the web team first!",
    "Officers use only official accounts.",
)  # fmt: skip
BULLETS = ("-", "*", "1.", "2.", "3.", "  -")
WORDS = ("accounts", "records", "flood", "Ask", "The council", "annex B", "2026", "a) one", "§ 101", "Sŵn", "“quoted”.")

sentence = st.one_of(
    st.sampled_from(SENTENCES),
    st.builds(
        lambda words, end: " ".join(words) + end,
        st.lists(st.sampled_from(WORDS), min_size=1, max_size=4),
        st.sampled_from((".", "!", "", ":")),
    ),
)
said = st.lists(sentence, min_size=1, max_size=4)
paragraph = st.builds(lambda parts, joint: joint.join(parts), said, st.sampled_from((" ", "\n", "  ")))
block = st.one_of(
    paragraph,
    paragraph,
    st.builds(lambda level, words: "#" * level + " " + words, st.integers(1, 3), st.sampled_from(WORDS)),
    st.builds(lambda marker, words: f"{marker} {words}", st.sampled_from(BULLETS), sentence),
    st.builds(lambda cells: "| " + " | ".join(cells) + " |", st.lists(st.sampled_from(WORDS), min_size=2, max_size=3)),
    st.builds(lambda words: f"> {words}", sentence),
    st.builds(lambda lines: "\n".join(["```", *lines, "```"]), st.lists(st.sampled_from(WORDS), max_size=3)),
    st.sampled_from(("---", "Title\n=====")),
)
gap = st.sampled_from(("\n\n", "\n\n", "\n\n", "\n", "\n\n\n"))
blocks = st.lists(st.tuples(block, gap), max_size=8)
front = st.sampled_from(
    (
        "", "", "", "---\ntitle: Accounts\n---\n", "---\ntitle: Accounts\nlayout: page\n---\n\n",
        "---\ntitle: Records\n---\n", "---\nlang: cy\ntitle: Accounts\n---\n", "\n",
    )
)  # fmt: skip


def text_of(head: str, pieces: list[tuple[str, str]]) -> str:
    """A text of blocks with what stands after each."""
    return head + "".join(words + after for words, after in pieces)


@st.composite
def changed(draw: st.DrawFn, pieces: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """What somebody makes of a text: blocks reworded, wrapped anew, moved, removed, doubled and added."""
    made = list(pieces)
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(made)))
        act = draw(st.sampled_from(("add", "remove", "reword", "wrap", "move", "double", "sentence", "drop")))
        if act == "add" or at >= len(made):
            made.insert(at, draw(st.tuples(block, gap)))
        elif act == "remove":
            del made[at]
        elif act == "move":
            made.insert(draw(st.integers(0, len(made) - 1)), made.pop(at))
        elif act == "double":
            made.insert(at, made[at])
        else:
            made[at] = (_edited(draw, act, made[at][0]), made[at][1])
    return made


def _edited(draw: st.DrawFn, act: str, words: str) -> str:
    if words.startswith(("```", "---", "Title")):
        return draw(block)
    if act == "wrap":
        return words if words.startswith(("|", ">")) else words.replace(". ", ".\n")
    sentences = sentences_of(words)
    at = draw(st.integers(0, len(sentences) - 1))
    if act == "drop" and len(sentences) > 1:
        del sentences[at]
    elif act == "sentence":
        sentences.insert(at + 1, f" {draw(sentence)} ")
    else:
        sentences[at] = sentences[at].replace("official", "council").replace("years", "months").replace("Ask", "Call")
    return "".join(sentences).strip() or "Nothing."


@st.composite
def three(draw: st.DrawFn) -> tuple[str, str, str]:
    """A base and what two people made of it."""
    base = draw(blocks)
    texts = [base, draw(changed(base)), draw(changed(base))]
    heads = [draw(front)] * 3 if draw(st.booleans()) else [draw(front) for _ in texts]
    first, second, third = (text_of(head, pieces) for head, pieces in zip(heads, texts, strict=True))
    return first, second, third


def sentences_in(text: str, *, is_coarse: bool = False) -> set[str]:
    """What a text says, white space, markers and numbering aside: its sentences, and its cells and lines of code (or,
    where that is coarse enough, its rows and blocks of code)."""
    made: set[str] = set()
    for one in blocks_of(text):
        if one.kind in (BlockKind.CODE, BlockKind.FRONT_MATTER):
            lines = {line.strip() for line in one.source.splitlines()} - {"```", "---", ""}
            lines = {one.source.strip()} if is_coarse else lines
            made |= {f"{one.kind}: {line}" for line in lines}
        elif one.kind is BlockKind.RULE:
            continue
        elif one.kind is BlockKind.ROW:
            cells = [one.words] if is_coarse else [" ".join(cell.split()) for cell in one.source.split("|")]
            made |= {f"{one.kind}: {cell}" for cell in cells if cell}
        else:
            found = MARKER.match(one.source)
            assert found is not None
            made |= {" ".join(part.split()) for part in sentences_of(one.source[found.end() :])}
    return made - {""}
