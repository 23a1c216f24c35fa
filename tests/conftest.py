"""Environment, database and browser of all tests.

Every worker has its own DATA_DIR, so that files, keys, cache and SQLite database of workers are
separate. SQLite is tested with a file, as in an installation: an in-memory database is shared by
all threads as one connection and would not test locks.
"""

import asyncio
import gc
import os
import re
import secrets
import shutil
import tempfile
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

if TYPE_CHECKING:
    from tests.people import Cast
    from tests.shared_scene import Scene as SharedScene
    from tests.shared_scene import SceneKeeper

ROOM = 2 * 1024**3  # bytes; a run needs a tenth of it


def memory() -> str | None:
    """A folder in memory, where the machine has one with room: what the portal writes durably is
    gone after the tests, and waiting for the disk was a fifth of their time."""
    shared = Path("/dev/shm")
    has_room = os.access(shared, os.W_OK) and shutil.disk_usage(shared).free > ROOM
    return str(shared) if has_room else None


# Set before anything reads the settings. Only DATABASE_URL is taken over from outside.
DATA_DIR = Path(tempfile.mkdtemp(prefix="emulation-bloc-tests-", dir=memory()))
(DATA_DIR / "static").mkdir()
SETTINGS = Path(__file__).parent.parent / "emulation_bloc" / "settings.py"
for name in set(re.findall(r"\benv\.\w+\(\s*\"([A-Z_]+)\"", SETTINGS.read_text())):
    os.environ.pop(f"{name}_FILE", None)
    if name != "DATABASE_URL":
        os.environ.pop(name, None)
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "emulation_bloc.settings",
    "DATA_DIR": str(DATA_DIR),
    "STATIC_ROOT": str(DATA_DIR / "static"),
    "SECRET_KEY": secrets.token_urlsafe(60),
    # Playwright runs an event loop in the thread of the test; see offstage() below.
    "DJANGO_ALLOW_ASYNC_UNSAFE": "true",
}


def pytest_configure(config: pytest.Config) -> None:
    """Start Django with the settings of an installation; only what would cost time differs."""
    import django
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    django.setup()
    from tests.costs import make_boxes_cheap

    make_boxes_cheap()
    options = settings.DATABASES["default"].setdefault("OPTIONS", {})
    if settings.DATABASES["default"]["ENGINE"].endswith("postgresql"):
        # As with the folder in memory: nothing need outlive a power cut.
        options["options"] = "-c synchronous_commit=off"
    else:
        # A scene is written and not committed: SQLite would move its pages out and in again.
        options["init_command"] += " PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY;"
    if config.getoption("numprocesses", None):
        # The workers inherit this environment. Were the settings named in it, they would be read
        # before this file has given the worker a DATA_DIR of its own.
        del os.environ["DJANGO_SETTINGS_MODULE"]


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """What has been loaded until now stays until the end: the garbage collector need not walk
    through it again and again, which was a tenth of the time of all tests."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Generator[None, None, None]:
    """The marks that tests have without being given them, by which `make test` chooses; and the
    last word on the order, once all others have put the tests in theirs."""
    from tests.order import in_order, touches_database

    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.e2e)
        if touches_database(item):
            item.add_marker(pytest.mark.database)
    yield
    items[:] = in_order(items)


def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(DATA_DIR, ignore_errors=True)


# --- A test that did not run is no proof ----------------------------------------------------------


def not_run(config: pytest.Config) -> int:
    """How many tests were skipped or expected to fail."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    outcomes = ("skipped", "xfailed", "xpassed")
    return sum(len(reporter.stats.get(outcome, ())) for outcome in outcomes) if reporter else 0


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if session.exitstatus == pytest.ExitCode.OK and not_run(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    if count := not_run(config):
        terminalreporter.write_line(f"{count} skipped or xfailed: that counts as failed", red=True)


# --- Database -------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request: pytest.FixtureRequest) -> None:
    """A database for each worker: a file in its DATA_DIR, or a PostgreSQL name with its number."""
    from django.db import connection

    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(DATA_DIR / "tests.sqlite3")
    else:
        request.getfixturevalue("django_db_modify_db_settings_parallel_suffix")


OTHERS_CONNECTED = """SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()"""


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """PostgreSQL drops no database while anybody is connected: be it the live server at its last
    answer, or a connection that was opened away from the browser and is not found again here."""
    yield
    from django.db import connection

    if connection.vendor == "postgresql":
        with django_db_blocker.unblock():
            with connection.cursor() as cursor:
                cursor.execute(OTHERS_CONNECTED)
            connection.close()


def commits(item: pytest.Item) -> bool:
    """Whether the test commits what it writes, and its tables are emptied afterwards."""
    marker = item.get_closest_marker("django_db")
    real = {"transactional_db", "live_server", "django_db_reset_sequences"}
    is_marked = marker is not None and bool(marker.kwargs.get("transaction"))
    return is_marked or not real.isdisjoint(getattr(item, "fixturenames", ()))


@pytest.fixture
def has_real_transactions(request: pytest.FixtureRequest) -> bool:
    return commits(request.node)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """The scene shared by tests (tests/shared_scene.py) is gone before any other test.

    A fixture would come too late: the mark django_db begins the transaction of the test before
    any fixture of ours, and within that one the scene cannot end.
    """
    from pytest_django.plugin import blocking_manager_key

    from tests.shared_scene import SCENE_KEEPER

    if SCENE_KEEPER.made and (
        commits(item) or "shared_scene" not in getattr(item, "fixturenames", ())
    ):
        with item.config.stash[blocking_manager_key].unblock():
            SCENE_KEEPER.drop()


@pytest.fixture(autouse=True)
def triggers_give_way_to_the_flush(
    request: pytest.FixtureRequest, has_real_transactions: bool
) -> Iterator[None]:
    """Tests with real transactions empty the tables, which the append-only triggers refuse.

    They are dropped just before; the flush sends post_migrate, which puts them back.
    """
    if not has_real_transactions:
        yield
        return
    request.getfixturevalue("transactional_db")
    yield
    from tests.append_only import drop_triggers

    drop_triggers()


@pytest.fixture(autouse=True)
def no_count_from_the_last_test() -> None:
    """Login limits and locks are counted in the cache."""
    from django.core.cache import cache

    cache.clear()


@pytest.fixture
def cast(db: None) -> "Cast":
    """The people of the tests, each in post, in a bloc of two boards (tests/people.py)."""
    from tests.people import make_cast

    return make_cast()


@pytest.fixture(scope="session")
def scene_keeper(django_db_setup: None, django_db_blocker: Any) -> Iterator["SceneKeeper"]:
    """What keeps the scene of the tests that share one, until the last of them is done."""
    from tests.shared_scene import SCENE_KEEPER

    yield SCENE_KEEPER
    with django_db_blocker.unblock():
        SCENE_KEEPER.drop()


@pytest.fixture
def shared_scene(
    request: pytest.FixtureRequest,
    has_real_transactions: bool,
    scene_keeper: "SceneKeeper",
    django_db_blocker: Any,
) -> Iterator["SharedScene"]:
    """The people, and what the scene of the test has besides."""
    from tests.shared_scene import makes_of, new_scene, one_test

    makes = makes_of(request.node)
    if has_real_transactions:
        yield new_scene(makes)
        return
    with django_db_blocker.unblock(), one_test(scene_keeper, makes) as scene:
        yield scene


@pytest.fixture
def set_up(shared_scene: "SharedScene") -> Any:
    """What the mark of the test says that the scene has besides the people."""
    return next(iter(shared_scene[1].values()))


# --- Browser --------------------------------------------------------------------------------------

PATIENCE = 15_000  # milliseconds
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--no-first-run",
]
REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) => console.error(
    `content security policy: ${event.effectiveDirective} refused ${event.blockedURI}`));
"""


class Faults(list[str]):
    """What the browser complained of: errors of scripts, of the console, of the policy (CSP).

    A test that provokes an error says so: `faults.expect("403")` takes away those that match and
    fails when there is none.
    """

    def expect(self, pattern: str) -> None:
        matching = [fault for fault in self if re.search(pattern, fault)]
        assert matching, f"expected a fault like {pattern!r}, got {list(self)}"
        self[:] = [fault for fault in self if fault not in matching]

    def watch(self, context: BrowserContext) -> None:
        context.add_init_script(REPORT_VIOLATIONS)
        context.on("console", lambda m: self.append(m.text) if m.type == "error" else None)
        context.on("weberror", lambda error: self.append(str(error.error)))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if executable is None:
        pytest.fail("Chromium is missing. Install, on Debian: sudo apt-get install -y chromium")
    # A busy machine is slow, not wrong: what a window and what an assertion waits for is the same.
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=executable, args=SWITCHES)


@pytest.fixture
def faults() -> Iterator[Faults]:
    """All faults of all windows of the test; it fails when one is left that it did not expect."""
    faults = Faults()
    yield faults
    assert list(faults) == []


@pytest.fixture
def open_window(browser: Browser, faults: Faults) -> Iterator[Callable[..., Page]]:
    """Another person's window: `open_window(viewport={"width": 360, "height": 780})`."""
    contexts = []

    def open_window(**options: Any) -> Page:
        usual: dict[str, Any] = {
            "locale": "vi-VN",
            "timezone_id": "Asia/Ho_Chi_Minh",
            "viewport": {"width": 1366, "height": 768},
        }
        context = browser.new_context(**usual | options)
        context.set_default_timeout(PATIENCE)
        faults.watch(context)
        contexts.append(context)
        return context.new_page()

    yield open_window
    for context in contexts:
        context.close()


@pytest.fixture
def page(open_window: Callable[..., Page]) -> Page:
    return open_window()


# Between its calls Playwright leaves its event loop marked as running in the thread of the test.
# pyHanko's synchronous functions start a loop of their own and refuse to work then. So whatever
# has nothing to do with the browser runs with the mark taken away.
on_stage = {"browser"}


@contextmanager
def away_from_browser() -> Iterator[None]:
    loop = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    try:
        yield
    finally:
        asyncio._set_running_loop(loop)


@pytest.fixture
def offstage() -> Callable[[], AbstractContextManager[None]]:
    """For acts between two clicks: `with offstage(): sign(party, ...)`."""
    return away_from_browser


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[Any]) -> Generator[None, Any, Any]:
    if fixturedef.argname in on_stage or not on_stage.isdisjoint(fixturedef.argnames):
        on_stage.add(fixturedef.argname)
        return (yield)
    with away_from_browser():
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    if not on_stage.isdisjoint(getattr(item, "fixturenames", ())):
        return (yield)
    with away_from_browser():
        return (yield)
