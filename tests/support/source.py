"""Reads the source code as text and syntax, for the tests of the architecture."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

LAYERS: tuple[frozenset[str], ...] = (
    frozenset({"kernel"}),
    frozenset({"db"}),
    frozenset({"documents"}),
    frozenset({"councils"}),
    frozenset({"accounts"}),
    frozenset({"projects"}),
    frozenset({"pledges", "artefacts"}),
    frozenset(
        {
            "lessons",
            "comments",
            "contact",
            "signposts",
            "imports",
            "successions",
            "introductions",
            "spare_capacity",
            "measures",
        }
    ),
    frozenset({"search", "statistics", "briefings", "portfolios"}),
    frozenset({"similarity"}),
    frozenset({"feeds"}),
    frozenset({"notifications", "webhooks", "exports"}),
    frozenset({"moderation", "coordination"}),
    frozenset({"http"}),
    frozenset({"web", "api", "cli"}),
    frozenset({"app"}),
)
"""From the bottom. Packages in one layer do not know each other."""

HEIGHT = {package: height for height, layer in enumerate(LAYERS) for package in layer}


@dataclass(frozen=True)
class Source:
    """One Python file: where it is, its text and its syntax."""

    path: Path
    root: Path

    @property
    def name(self) -> str:
        """The module's dotted name."""
        parts = list(self.path.relative_to(self.root).with_suffix("").parts)
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @property
    def package(self) -> str:
        """The package of the layer it belongs to: `pledges` of `pipeline.pledges.rules`; "" outside the layers."""
        parts = self.name.split(".")
        return parts[1] if len(parts) > 1 and parts[0] == "pipeline" else ""

    @property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @property
    def tree(self) -> ast.Module:
        return _parsed(self.text, str(self.path))

    def imports(self) -> Iterator[str]:
        """Every module it imports, wherever the import stands; `from a import b` is `a.b`."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                base = self._base(node)
                yield from (f"{base}.{alias.name}" for alias in node.names)

    def _base(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        parts = self.name.split(".")
        is_package = self.path.name == "__init__.py"
        kept = parts[: len(parts) - node.level + is_package]
        return ".".join([*kept, *([node.module] if node.module else [])])


@cache
def _parsed(text: str, path: str) -> ast.Module:
    """Many tests look at every file: reading its syntax takes longer than looking."""
    return ast.parse(text, path)


def sources(root: Path = ROOT, folder: str = "pipeline") -> list[Source]:
    """Every Python file of the application."""
    return [Source(path, root) for path in sorted((root / folder).rglob("*.py"))]


def written(root: Path, files: dict[str, str]) -> Path:
    """Write files below a folder, as a small bad sample for a checker."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def functions_of(source: Source) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]]:
    """The functions, classes and methods of a module that others may use, by name; those in functions are nobody's."""
    for node in source.tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name, node


def shell_blocks(text: str) -> Iterator[str]:
    """The commands of every fenced `console` or `sh` block of a page, one each; continued lines are joined."""
    for block in re.findall(r"^```(?:console|sh)\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        for line in block.replace("\\\n", " ").splitlines():
            command = re.sub(r"\s+#.*$", "", line.removeprefix("$ ")).strip()
            if command and not command.startswith("#"):
                yield command
