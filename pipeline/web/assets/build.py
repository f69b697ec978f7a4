"""Builds the assets: `.venv/bin/python pipeline/web/assets/build.py`, as `make setup` does.

It is run by its path and imports nothing of the application, so that the assets can be built before the application
can start. `pipeline/web/serving.py` serves what it makes.

Sass is compiled by the npm package `sass` (Dart Sass: the older libsass accepts our sources and writes nothing useful
without an error, so the size of the result is checked). Every file gets twelve hexadecimal digits of its SHA-256 in
its name and a compressed copy beside it where that helps.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

SOURCE_FOLDER = Path(__file__).resolve().parent
PROJECT_FOLDER = SOURCE_FOLDER.parents[2]
BUILT_FOLDER = PROJECT_FOLDER / "var" / "assets"
MANIFEST_NAME = "manifest.json"
FINGERPRINT_DIGITS = 12
PACKAGES_FOLDER = PROJECT_FOLDER / "node_modules"
GOVUK_SCRIPT = "govuk-frontend/dist/govuk/govuk-frontend.min.js"
FONT_PACKAGES = "@fontsource-variable"
STAMP_NAME = "sources.sha256"
SMALLEST_STYLESHEET_BYTES = {"pipeline": 100_000, "embed": 500}
"""The stylesheets, and the size below which GOV.UK Frontend, or anything at all, is missing from one."""

CSS_ADDRESS = re.compile(r"""url\(\s*(["']?)([^"')]+)\1\s*\)""")
SCRIPT_IMPORT = re.compile(r"""(\bfrom\s*|\bimport\s*\(?\s*)(["'])\./([^"']+)\2""")
SOURCE_MAP_COMMENT = re.compile(r"\n?//# sourceMappingURL=\S+\s*\Z")


class BuildFailed(Exception):
    """The assets could not be built; the message says why and what to do."""


class Bundle:
    """The files of one build, held in memory until all of them are known to be good."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.manifest: dict[str, str] = {}

    def add(self, name: str, content: bytes) -> None:
        """Takes a file in and gives it its fingerprinted name. Raises BuildFailed where two have one plain name."""
        if name in self.manifest:
            raise BuildFailed(f"Two assets are named {name}; give one of them another name.")
        stem, dot, ending = name.rpartition(".")
        fingerprint = hashlib.sha256(content).hexdigest()[:FINGERPRINT_DIGITS]
        self.manifest[name] = f"{stem}.{fingerprint}{dot}{ending}"
        self.files[self.manifest[name]] = content

    def name_of(self, name: str, wanted_by: str) -> str:
        """The fingerprinted name of a file already taken in. Raises BuildFailed, naming who asked for it."""
        try:
            return self.manifest[name]
        except KeyError:
            raise BuildFailed(f"{wanted_by} refers to {name}, which is no asset.") from None


def build(folder: Path = BUILT_FOLDER) -> Mapping[str, str]:
    """Builds everything into the folder and returns the manifest. Raises BuildFailed, leaving the last build alone."""
    bundle = Bundle()
    for path in own_files("images"):
        bundle.add(path.name, path.read_bytes())
    add_scripts(bundle)
    styles = {name: compiled_styles(name) for name in SMALLEST_STYLESHEET_BYTES}
    add_fonts(bundle, styles["pipeline"])
    for name, css in styles.items():
        bundle.add(f"{name}.css", rewrite_styles(css, bundle).encode())
    write(bundle, folder)
    return bundle.manifest


def own_files(kind: str, pattern: str = "*") -> list[Path]:
    """Our own sources of one kind (styles, scripts, images), in a steady order."""
    return sorted(
        path
        for path in (SOURCE_FOLDER / kind).rglob(pattern)
        if path.is_file() and not path.name.startswith(".") and path.suffix != ".md"
    )


def package_file(name: str) -> Path:
    """A file of an npm package. Raises BuildFailed where the packages are not installed."""
    path = PACKAGES_FOLDER / name
    if not path.exists():
        raise BuildFailed(f"{path} is missing. Type `make setup` to install the packages.")
    return path


def add_fonts(bundle: Bundle, css: str) -> None:
    """Takes in the font files that the stylesheet names, each typeface with its licence, which asks to go with it."""
    named = {Path(match.group(2)).name for match in CSS_ADDRESS.finditer(css)}
    for package in sorted(package_file(FONT_PACKAGES).iterdir()):
        files = [path for path in sorted((package / "files").iterdir()) if path.name in named]
        for path in files:
            bundle.add(path.name, path.read_bytes())
        if files:
            bundle.add(f"{package.name}-licence.txt", (package / "LICENSE").read_bytes())


def find_node() -> str:
    """The Node.js to run Sass with: the machine's, or the one that set-up installed. Raises BuildFailed."""
    installed_by_setup = PROJECT_FOLDER / "var" / "node" / "bin"
    node = shutil.which("node", path=os.pathsep.join([os.environ.get("PATH", ""), str(installed_by_setup)]))
    if node is None:
        raise BuildFailed("Node.js is missing. Type `make setup`, which installs it where the machine has none.")
    return node


def compiled_styles(name: str) -> str:
    """A stylesheet as Sass makes it. Raises BuildFailed with what Sass says."""
    source = SOURCE_FOLDER / "styles" / f"{name}.scss"
    if not source.exists():
        raise BuildFailed(f"{source} is missing.")
    sass = package_file("sass/sass.js")
    command = [find_node(), str(sass), "--pkg-importer=node", "--style=compressed", "--no-source-map", "--quiet-deps"]
    result = subprocess.run(
        [*command, str(source)], cwd=PROJECT_FOLDER, capture_output=True, text=True, encoding="utf-8", check=False
    )
    if result.returncode != 0:
        raise BuildFailed(f"Sass could not compile {source.name}:\n{result.stderr}")
    if result.stderr:
        print(result.stderr, file=sys.stderr)
    if len(result.stdout.encode()) < SMALLEST_STYLESHEET_BYTES[name]:
        raise BuildFailed(
            f"{name}.css came out at {len(result.stdout.encode()):,} bytes, less than "
            f"{SMALLEST_STYLESHEET_BYTES[name]:,}: something is not in it."
        )
    return result.stdout


def rewrite_styles(css: str, bundle: Bundle) -> str:
    """The stylesheet with every address turned into the fingerprinted name of the file beside it."""

    def rewritten(match: re.Match[str]) -> str:
        address = match.group(2).strip()
        if address.startswith(("data:", "#")):
            return match.group(0)
        return f'url("{bundle.name_of(Path(address).name, "pipeline.css")}")'

    return CSS_ADDRESS.sub(rewritten, css)


def add_scripts(bundle: Bundle) -> None:
    """Takes in the scripts, each after those it imports, because a file's own hash depends on the names in it."""
    waiting = {path.name: path.read_text(encoding="utf-8") for path in own_files("scripts", "*.js")}
    library = package_file(GOVUK_SCRIPT)
    waiting[library.name] = SOURCE_MAP_COMMENT.sub("\n", library.read_text(encoding="utf-8"))
    while waiting:
        ready = [name for name, text in waiting.items() if not imports_of(text) & waiting.keys()]
        if not ready:
            raise BuildFailed(f"These scripts import each other in a circle: {', '.join(sorted(waiting))}.")
        for name in ready:
            bundle.add(name, rewrite_imports(name, waiting.pop(name), bundle).encode())


def imports_of(script: str) -> set[str]:
    """The plain names of the files beside it that a script imports."""
    return {match.group(3) for match in SCRIPT_IMPORT.finditer(script)}


def rewrite_imports(name: str, script: str, bundle: Bundle) -> str:
    """The script with its imports turned into fingerprinted names."""
    return SCRIPT_IMPORT.sub(lambda m: f"{m[1]}{m[2]}./{bundle.name_of(m[3], name)}{m[2]}", script)


def write(bundle: Bundle, folder: Path) -> None:
    """Writes the files, then the manifest, then removes what neither this build nor the one before it named.

    The build before is kept because processes that started with its manifest may still be serving pages.
    """
    folder.mkdir(parents=True, exist_ok=True)
    kept = set(bundle.files) | previous_names(folder)
    for name, content in bundle.files.items():
        write_whole(folder / name, content)
        compress(folder / name, content)
    write_whole(folder / MANIFEST_NAME, json.dumps(bundle.manifest, indent=2, sort_keys=True).encode() + b"\n")
    for path in folder.iterdir():
        if path.name != MANIFEST_NAME and path.name.removesuffix(".gz").removesuffix(".br") not in kept:
            path.unlink()


def previous_names(folder: Path) -> set[str]:
    """The fingerprinted names of the last build; none where there was no build or its manifest cannot be read."""
    try:
        return set(json.loads((folder / MANIFEST_NAME).read_text(encoding="utf-8")).values())
    except (OSError, ValueError, AttributeError):
        return set()


def write_whole(path: Path, content: bytes) -> None:
    """Writes a file so that nobody ever reads half of it."""
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(content)
    os.chmod(file.name, 0o644)
    os.replace(file.name, path)


def compress(path: Path, content: bytes) -> None:
    """Writes the gzip and Brotli copies that WhiteNoise serves, where they are smaller."""
    # Imported here so that a look at the stamp (--if-changed) does not pay for it.
    from whitenoise.compress import Compressor

    compressor = Compressor(quiet=True)
    if content and compressor.should_compress(path.name):
        compressor.compress(str(path))


def sources() -> Iterator[Path]:
    """Every file that decides what the build makes."""
    yield Path(__file__)
    yield PROJECT_FOLDER / "package-lock.json"
    for kind in ("styles", "scripts", "images"):
        yield from own_files(kind)


def sources_hash() -> str:
    """One hash over the names and contents of all sources."""
    digest = hashlib.sha256()
    for path in sources():
        digest.update(f"{path.relative_to(PROJECT_FOLDER)}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def main(arguments: list[str]) -> int:
    """Builds; with `--if-changed` only where a source changed since the last build. The result is the exit code."""
    stamp = BUILT_FOLDER.with_name(f"assets.{STAMP_NAME}")
    wanted = sources_hash()
    is_built = (BUILT_FOLDER / MANIFEST_NAME).exists() and stamp.exists() and stamp.read_text() == wanted
    if is_built and "--if-changed" in arguments:
        return 0
    try:
        manifest = build()
    except BuildFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    stamp.write_text(wanted)
    print(f"Built {len(manifest)} assets in {BUILT_FOLDER.relative_to(PROJECT_FOLDER)}/.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
