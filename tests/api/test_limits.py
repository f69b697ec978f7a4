"""How often an address or a token may ask."""

from collections.abc import Callable

import fakeredis
import pytest
from flask import Flask
from limits import RateLimitItemPerMinute
from limits.storage import RedisStorage
from limits.strategies import FixedWindowRateLimiter
from redis import ConnectionPool

from config import Settings, SettingsError
from pipeline.db.engine import database
from pipeline.http.limits import SWEEP_EVERY, Counter, CountsOfThisProcess
from tests.conftest import make_application
from tests.factories import Factory


@pytest.fixture(scope="module")
def strict_app(database_urls: Callable[[str], str]):  # type: ignore[no-untyped-def]
    app = make_application(database_urls("sqlite"), RATE_LIMIT_PER_MINUTE="3", RATE_LIMIT_PER_HOUR="100")
    yield app
    with app.app_context():
        database.engine.dispose()


@pytest.mark.database
def test_every_answer_says_how_much_is_left_and_past_it_when_to_come_again(strict_app: Flask) -> None:
    client = strict_app.test_client()
    left = []
    for _ in range(3):
        answer = client.get("/api/v1/themes")
        assert answer.status_code == 200
        assert answer.headers["RateLimit-Policy"] == '"minute";q=3;w=60, "hour";q=100;w=3600'
        left.append(answer.headers["RateLimit"].split(";")[1])
    assert left == ["r=2", "r=1", "r=0"]
    refused = client.get("/api/v1/themes")
    assert refused.status_code == 429
    assert refused.mimetype == "application/problem+json"
    assert refused.get_json()["type"].endswith("/problems/request.too_many")
    assert 1 <= int(refused.headers["Retry-After"]) <= 61
    assert refused.headers["RateLimit"].startswith('"minute";r=0;t=')
    assert refused.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.database
def test_another_address_and_the_pages_are_not_held_up(strict_app: Flask) -> None:
    client = strict_app.test_client()
    for _ in range(5):
        client.get("/api/v1/themes", environ_base={"REMOTE_ADDR": "192.0.2.1"})
    assert client.get("/api/v1/themes", environ_base={"REMOTE_ADDR": "192.0.2.1"}).status_code == 429
    assert client.get("/api/v1/themes", environ_base={"REMOTE_ADDR": "192.0.2.2"}).status_code == 200
    assert client.get("/cookies", environ_base={"REMOTE_ADDR": "192.0.2.1"}).status_code == 200


@pytest.mark.database
@pytest.mark.parametrize(
    "path, media_type, words",
    [
        ("/feeds/all.atom", "text/plain", "Too many requests. Wait, and try again."),
        ("/cy/calendars/all.ics", "text/plain", ""),
        ("/embed/projects/one", "text/html", "Load the page again in a while."),
        ("/oembed", "application/problem+json", "/problems/request.too_many"),
    ],
)
def test_what_other_sites_take_is_limited_and_says_so(
    strict_app: Flask, path: str, media_type: str, words: str
) -> None:
    client = strict_app.test_client()
    address = {"REMOTE_ADDR": f"192.0.2.{100 + len(path)}"}
    answers = [client.get(path, environ_base=address) for _ in range(4)]
    assert all(answer.status_code != 429 for answer in answers[:3])
    refused = answers[3]
    assert refused.status_code == 429
    assert refused.mimetype == media_type
    assert words in refused.get_data(as_text=True)
    assert 1 <= int(refused.headers["Retry-After"]) <= 61
    assert [answer.headers["RateLimit"].split(";")[1] for answer in answers] == ["r=2", "r=1", "r=0", "r=0"]
    assert refused.headers["RateLimit-Policy"] == '"minute";q=3;w=60, "hour";q=100;w=3600'
    assert "public" not in refused.headers["Cache-Control"]
    # The API is counted apart, so that a program that reads too much breaks no frame, nor a frame the program.
    assert client.get("/api/v1/themes", environ_base=address).status_code == 200


@pytest.mark.database
def test_who_has_a_feed_already_is_counted_and_told_too(strict_app: Flask) -> None:
    client = strict_app.test_client()
    address = {"REMOTE_ADDR": "192.0.2.90"}
    mark = client.get("/feeds/all.json", environ_base=address).headers["ETag"]
    again = client.get("/feeds/all.json", headers={"If-None-Match": mark}, environ_base=address)
    assert again.status_code == 304
    assert again.headers["RateLimit"].startswith('"minute";r=1;t=')


@pytest.mark.database
def test_a_token_is_counted_by_itself_and_one_that_does_not_work_by_its_address(strict_app: Flask) -> None:
    make, client = Factory(strict_app), strict_app.test_client()
    council = make.council()
    officer = make.officer(council)
    own, colleague = make.token(officer, council), make.token(make.officer(council), council)
    address = {"REMOTE_ADDR": "192.0.2.3"}

    def ask(headers: dict[str, str]) -> int:
        return client.get("/api/v1/me", headers=headers, environ_base=address).status_code

    assert [ask({"Authorization": "Bearer nonsense"}) for _ in range(4)] == [401, 401, 401, 429]
    assert [ask(own) for _ in range(4)] == [200, 200, 200, 429]
    assert ask(colleague) == 200
    assert client.get("/api/v1/me", headers=own, environ_base={"REMOTE_ADDR": "192.0.2.4"}).status_code == 429


@pytest.mark.pure
def test_a_window_ends_and_what_has_ended_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = [1_000_000.0]
    monkeypatch.setattr("pipeline.http.limits.time.time", lambda: moment[0])
    counts = CountsOfThisProcess()
    assert [counts.incr("a", 60), counts.incr("a", 60), counts.get("a")] == [1, 2, 2]
    assert counts.get_expiry("a") == moment[0] + 60
    moment[0] += 61 + SWEEP_EVERY
    assert counts.get("a") == 0
    assert counts.incr("b", 60) == 1
    assert counts.reset() == 1


@pytest.fixture
def shared_server() -> fakeredis.FakeServer:
    return fakeredis.FakeServer()


def counter_on(server: fakeredis.FakeServer) -> Counter:
    """A counter as another process has it, on the same store."""
    pool = ConnectionPool(connection_class=fakeredis.FakeRedisConnection, server=server)
    return Counter(RedisStorage("redis://store.example", connection_pool=pool))


@pytest.mark.pure
def test_processes_with_a_shared_store_count_together(shared_server: fakeredis.FakeServer) -> None:
    one, other = counter_on(shared_server), counter_on(shared_server)
    limit = RateLimitItemPerMinute(3)
    assert [each.count(limit, "192.0.2.1").left for each in (one, other, one)] == [2, 1, 0]
    assert other.count(limit, "192.0.2.1").is_over
    assert other.count(limit, "192.0.2.2").left == 2
    assert one.count(limit, "192.0.2.2", amount=0).left == 2


@pytest.mark.pure
def test_a_shared_store_that_does_not_answer_leaves_each_process_counting(shared_server: fakeredis.FakeServer) -> None:
    counter, limit = counter_on(shared_server), RateLimitItemPerMinute(2)
    counter.count(limit, "192.0.2.1")
    shared_server.connected = False
    assert [counter.count(limit, "192.0.2.1").is_over for _ in range(3)] == [False, False, True]
    shared_server.connected = True
    assert counter.count(limit, "192.0.2.1").is_over, "it is not asked again at every request"


@pytest.mark.pure
def test_counting_agrees_with_the_windows_of_the_library() -> None:
    store, counter, limit = CountsOfThisProcess(), Counter(), RateLimitItemPerMinute(2)
    library = FixedWindowRateLimiter(store)
    for _ in range(4):
        let_through = library.hit(limit, "192.0.2.1")
        standing = counter.count(limit, "192.0.2.1")
        assert standing.is_over is not let_through
        assert standing.left == library.get_window_stats(limit, "192.0.2.1").remaining


@pytest.mark.pure
def test_only_a_store_that_is_known_is_taken() -> None:
    with pytest.raises(SettingsError, match="RATE_LIMIT_STORE must begin with redis://"):
        Settings.from_environment({"PIPELINE_MODE": "test", "RATE_LIMIT_STORE": "memcached://store.example"})
