"""Settings: production starts only when it is safe to, and says everything that is wrong at once."""

import pytest

from config import Settings, SettingsError

pytestmark = pytest.mark.pure

SECRET = "dGhpcyBpcyBhIGdvb2Qgc2VjcmV0IGZvciB0ZXN0cw"
GOOD = {"SECRET_KEY": SECRET, "PUBLIC_URL": "https://pipeline.example", "MAIL_URL": "smtp://mail.example:587"}


def problems(**changes: str) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment(GOOD | changes)
    return caught.value.problems


def test_production_is_the_mode_when_none_is_said() -> None:
    assert Settings.from_environment(GOOD).pipeline_mode == "production"


def test_production_starts_with_three_good_settings() -> None:
    settings = Settings.from_environment(GOOD)

    assert settings.is_secure
    assert settings.public_host == "pipeline.example"
    assert settings.trusted_proxies == 0


@pytest.mark.parametrize("secret", ["", "short", "secret", "changeme", "a" * 40, "abab" * 10])
def test_production_does_not_start_with_a_secret_that_can_be_guessed(secret: str) -> None:
    assert any("SECRET_KEY" in problem for problem in problems(SECRET_KEY=secret))


@pytest.mark.parametrize(
    "url",
    [
        "",
        "pipeline.example",
        "http://pipeline.example",
        "https://pipeline.example/path",
        "ftp://pipeline.example",
        "https://",
    ],
)
def test_production_does_not_start_without_an_https_address(url: str) -> None:
    assert any("PUBLIC_URL" in problem for problem in problems(PUBLIC_URL=url))


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000", "http://localhost", "https://pipeline.example/"])
def test_this_machine_may_be_reached_without_https(url: str) -> None:
    assert Settings.from_environment(GOOD | {"PUBLIC_URL": url}).public_url == url


def test_production_does_not_write_mail_to_a_folder() -> None:
    assert any("MAIL_URL" in problem for problem in problems(MAIL_URL="file:/var/mail"))


def test_webhooks_go_to_this_machine_never_in_production() -> None:
    assert any("WEBHOOKS_TO_THIS_MACHINE" in problem for problem in problems(WEBHOOKS_TO_THIS_MACHINE="yes"))
    assert not Settings.from_environment(GOOD | {"WEBHOOKS_TO_THIS_MACHINE": "no"}).webhooks_to_this_machine
    trying = Settings.from_environment({"PIPELINE_MODE": "test", "WEBHOOKS_TO_THIS_MACHINE": "yes"})
    assert trying.webhooks_to_this_machine


def test_yes_or_no_is_nothing_else() -> None:
    assert any("must be yes or no" in problem for problem in problems(WEBHOOKS_TO_THIS_MACHINE="1"))


def test_production_does_not_start_with_debug_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLASK_DEBUG", "1")

    assert any("FLASK_DEBUG" in problem for problem in problems())


def test_everything_that_is_wrong_is_said_at_once() -> None:
    found = problems(SECRET_KEY="", PUBLIC_URL="", PORT="eighty", LOG_LEVEL="LOUD", MAIL_URL="file:/mail")

    assert len(found) == 5


@pytest.mark.parametrize("text", ["8_000", "-1", "８０００", "1e3", "0x50"])
def test_a_number_is_plain_digits(text: str) -> None:
    assert problems(PORT=text) == [f"PORT must be a whole number, not {text!r}."]


def test_the_usual_way_of_writing_a_postgresql_address_is_understood() -> None:
    settings = Settings.from_environment(GOOD | {"DATABASE_URL": "postgres://pipeline@db/pipeline"})

    assert settings.database_url == "postgresql+psycopg://pipeline@db/pipeline"


def test_tests_and_a_demonstration_need_no_settings() -> None:
    assert Settings.from_environment({"PIPELINE_MODE": "test"}).public_url.startswith("http://127.0.0.1")


def test_settings_cannot_be_changed_afterwards() -> None:
    with pytest.raises(AttributeError):
        Settings.from_environment(GOOD).secret_key = "other"  # type: ignore[misc]
