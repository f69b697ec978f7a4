"""Settings, read from the environment and checked before anything starts. docs/configuration.md is generated from here.

Every setting has a safe value for production or must be given. `Settings.from_environment` raises `SettingsError` with
every problem found, in words an operator can act on.
"""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent
MODES = ("production", "demonstration", "test")
LOOPBACK = ("127.0.0.1", "localhost", "::1")
STORES = ("redis://", "rediss://", "redis+unix://")
SHORTEST_SECRET = 32
DEFAULT_SECRETS = ("secret", "changeme", "change-me", "dev", "development", "password")


QUIET_HOURS = re.compile(r"(1?[0-9]|2[0-3])-(1?[0-9]|2[0-3])")


class SettingsError(Exception):
    """The settings do not let Pipeline start. `problems` are sentences, one for each."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


def _setting(default: Any, words: str, example: str = "") -> Any:
    return field(default=default, metadata={"words": words, "example": example})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that can be set. The environment variable is the field's name in capitals."""

    pipeline_mode: str = _setting(
        "production", "production, demonstration or test. Demonstration shows made-up people one can sign in as."
    )
    database_url: str = _setting(
        f"sqlite:///{ROOT / 'var' / 'pipeline.db'}",
        "Where the data is: an SQLite file, or a PostgreSQL database past one machine.",
        "postgresql+psycopg://pipeline@/pipeline",
    )
    secret_key: str = _setting(
        "", "At least 32 random characters; signs cookies, cursors and links. Keep it to yourself and keep it the same."
    )
    public_url: str = _setting(
        "", "The address people use, without a path. Decides hosts, cookies and links.", "https://pipeline.example"
    )
    mail_url: str = _setting(
        "",
        "How mail leaves: smtp://user:password@host:587 (STARTTLS), smtps://host, notify://:KEY@/TEMPLATE-ID (GOV.UK "
        "Notify, with a template of ((subject)) and ((body))), or file:/folder.",
        "smtp://mail.example:587",
    )
    mail_from: str = _setting("", "The address mail comes from.", "Pipeline <noreply@pipeline.example>")
    quiet_hours: str = _setting(
        "20-7",
        "Between which hours, UK time, no news is mailed, unless an officer chose otherwise; the same hour twice for "
        "none. Demonstration and test have none.",
        "20-7",
    )
    contact_address: str = _setting("", "The address the contact page and security.txt give for the operator.")
    trusted_proxies: int = _setting(0, "How many proxies stand in front and set X-Forwarded-For and X-Forwarded-Proto.")
    rate_limit_per_minute: int = _setting(
        600, "Requests that one address or token may make in a minute: to the API, and to feeds, frames and the like."
    )
    rate_limit_per_hour: int = _setting(
        10_000, "Requests that one address or token may make in an hour: to the API, and to feeds, frames and the like."
    )
    rate_limit_store: str = _setting(
        "",
        "Where requests are counted for all processes and machines together. Without it each process counts alone.",
        "redis://store.example:6379/0",
    )
    log_level: str = _setting("INFO", "The least serious thing that is logged: DEBUG, INFO, WARNING or ERROR.")
    bind: str = _setting("127.0.0.1", "The address of this machine that the site listens on; a proxy stands in front.")
    port: int = _setting(8000, "The port the site listens on.")
    web_processes: int = _setting(2, "How many processes answer requests: about one for each core.")
    web_threads: int = _setting(4, "How many requests each of these processes answers at a time.")
    webhooks_to_this_machine: bool = _setting(
        False,
        "yes lets webhooks go to this machine itself, by http and at any port: for trying them out, never in "
        "production, where they go to public addresses by https alone.",
    )

    @property
    def quiet_from_and_until(self) -> tuple[int, int]:
        """The hours between which no news is mailed."""
        first, _dash, last = self.quiet_hours.partition("-")
        return int(first), int(last)

    @property
    def is_demonstration(self) -> bool:
        return self.pipeline_mode == "demonstration"

    @property
    def is_sqlite(self) -> bool:
        """Whether the data is in a file that each process reads itself."""
        return self.database_url.startswith("sqlite")

    @property
    def is_secure(self) -> bool:
        """Whether people come by https, which decides the cookies and HSTS."""
        return self.public_url.startswith("https://")

    @property
    def public_host(self) -> str:
        return urlsplit(self.public_url).netloc

    @property
    def var(self) -> Path:
        """The folder for what the running site writes: the SQLite file, the demonstration's mail, built assets."""
        return ROOT / "var"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """Read and check the settings. Raises SettingsError with every problem."""
        problems: list[str] = []
        given = {
            one.name: _read(one.name, one.type, environment[one.name.upper()], problems)
            for one in fields(cls)
            if environment.get(one.name.upper(), "").strip()
        }
        settings = cls(**_with_mode_defaults(given))
        problems += _problems(settings)
        if problems:
            raise SettingsError(problems)
        return settings


def _read(name: str, kind: Any, text: str, problems: list[str]) -> Any:
    text = text.strip()
    if kind is bool:
        return _truth(name, text, problems)
    if kind is not int:
        return text.replace("postgres://", "postgresql+psycopg://", 1) if name == "database_url" else text
    if text.isascii() and text.isdigit():
        return int(text)
    problems.append(f"{name.upper()} must be a whole number, not {text!r}.")
    return 0


def _truth(name: str, text: str, problems: list[str]) -> bool:
    if text.lower() not in ("yes", "no"):
        problems.append(f"{name.upper()} must be yes or no, not {text!r}.")
    return text.lower() == "yes"


def _with_mode_defaults(given: dict[str, Any]) -> dict[str, Any]:
    """Outside production a machine of one's own needs no settings at all."""
    mode = given.get("pipeline_mode", "production")
    if mode == "production":
        return given
    own = {
        "public_url": f"http://127.0.0.1:{os.environ.get('PORT', '8000')}",
        "mail_url": f"file:{ROOT / 'var' / 'mail'}",
        "mail_from": "Pipeline <noreply@pipeline.example>",
        "quiet_hours": "0-0",
        "secret_key": _kept_secret() if mode == "demonstration" else "a secret only for tests, never for production",
    }
    return {**own, **given}


def _kept_secret() -> str:
    """A secret for the demonstration, made once and kept beside its data so that sessions outlive a restart."""
    path = ROOT / "var" / "demonstration-secret"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(secrets.token_urlsafe(48))
        path.chmod(0o600)
    return path.read_text().strip()


def _problems(settings: Settings) -> list[str]:
    problems = []
    if settings.pipeline_mode not in MODES:
        problems.append(f"PIPELINE_MODE must be one of {', '.join(MODES)}, not {settings.pipeline_mode!r}.")
    problems += _secret_problems(settings.secret_key)
    problems += _address_problems(settings)
    if not QUIET_HOURS.fullmatch(settings.quiet_hours):
        problems.append("QUIET_HOURS must be two hours from 0 to 23, for example 20-7.")
    if settings.rate_limit_store and not settings.rate_limit_store.startswith(STORES):
        problems.append(f"RATE_LIMIT_STORE must begin with {' or '.join(STORES)}.")
    if settings.log_level not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        problems.append("LOG_LEVEL must be DEBUG, INFO, WARNING or ERROR.")
    if settings.pipeline_mode == "production" and os.environ.get("FLASK_DEBUG", "0").lower() not in ("0", "", "false"):
        problems.append(
            "FLASK_DEBUG must not be set in production: it shows the inside of the application to everybody."
        )
    if settings.pipeline_mode == "production" and settings.mail_url.startswith("file:"):
        problems.append("MAIL_URL must be an smtp://, smtps:// or notify:// address in production.")
    if settings.pipeline_mode == "production" and settings.webhooks_to_this_machine:
        problems.append("WEBHOOKS_TO_THIS_MACHINE must not be set in production: it is for trying webhooks out.")
    return problems


def _secret_problems(secret: str) -> list[str]:
    if not secret:
        return ["SECRET_KEY is missing. Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"]
    if len(secret) < SHORTEST_SECRET or secret.lower() in DEFAULT_SECRETS or len(set(secret)) < 5:
        return [f"SECRET_KEY is too easy to guess: use at least {SHORTEST_SECRET} random characters."]
    return []


def _address_problems(settings: Settings) -> list[str]:
    if not settings.public_url:
        return ["PUBLIC_URL is missing: the address people use, for example https://pipeline.example"]
    parts = urlsplit(settings.public_url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path not in ("", "/") or parts.query:
        return ["PUBLIC_URL must be an address without a path, for example https://pipeline.example"]
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        return ["PUBLIC_URL must begin with https:// unless it is this machine's own address (127.0.0.1)."]
    return []
