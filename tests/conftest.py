"""Shared fixtures of all tests: real servers, separate databases, a running stack, a real browser.

Default ``django_db`` tests run in a transaction, in the process's own clone of the migrated template, as the serving
role. A test that commits takes ``fresh_database`` instead; a test that needs the web server and the worker takes
``stack``; a test that needs a browser takes ``page`` or ``open_page``. The serving role cannot truncate tables, so
nothing here ever flushes.
"""

import contextlib
import gc
import logging
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import psycopg2
import pytest
from django.conf import settings
from django.utils import translation

from deploy import chromium
from deploy.servers import cluster
from tests import databases
from tests.browser import DESK, Watch
from tests.stack import Stack, StackError, end_leftovers

pytest_plugins = ["tests.budget", "tests.quick"]
_running = pytest.StashKey[cluster.Servers]()


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config):
    """Start or join the servers and set where this process works, before Django reads its settings."""
    if settings.configured:
        raise pytest.UsageError("Unset DJANGO_SETTINGS_MODULE: the tests choose their settings and their database.")
    stack = contextlib.ExitStack()
    config.add_cleanup(stack.close)
    config.stash[_running] = running = stack.enter_context(cluster.lease(databases.FOLDER, test=True))
    if not hasattr(config, "workerinput"):
        stack.callback(end_leftovers)
        _compile_catalogs(running.env)
    if config.getoption("dist", "no") != "no" and not hasattr(config, "workerinput"):
        # The controlling process of xdist runs no test, and the others would inherit what it put into its environment.
        # It makes the template while they collect the tests; whoever needs it first waits for it.
        making = threading.Thread(target=databases.template, args=[running.env])
        stack.callback(making.join)
        making.start()
        return
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="portal-test-")))
    database = databases.clone_name()
    os.environ |= running.env
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "portal.settings.test",
        "DATABASE_URL": databases.url_for(running.env["DATABASE_URL"], database),
        "DATABASE_OWNER_URL": databases.url_for(running.env["DATABASE_OWNER_URL"], database),
        "REDIS_URL": databases.url_for(running.env["REDIS_URL"], str(databases.valkey_number())),
        # Playwright's synchronous API keeps an event loop in the thread, which Django mistakes for asynchronous code.
        "DJANGO_ALLOW_ASYNC_UNSAFE": "1",
    }
    os.environ.pop("PORTAL_DATABASE_ROLE", None)
    for name in ("KEY", "STORAGE", "STATIC", "SMS"):
        path = folder / name.lower()
        path.mkdir(mode=0o700)
        os.environ[f"PORTAL_{name}_DIR"] = str(path)
    # pytest-django sets up the applications afterwards, because it finds that the settings have been read.
    assert settings.INSTALLED_APPS


def pytest_collection_finish(session):
    """Leave what is loaded by now out of garbage collection, and collect less often.

    A run makes few cycles and holds a large heap: walking it again and again takes a twentieth of the time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 50, 100)


def _compile_catalogs(env):
    """Bring the compiled catalogs up to date with their sources."""
    for source in databases.ROOT.glob("locale/*/LC_MESSAGES/*.po"):
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
            command = [sys.executable, "manage.py", "catalogs", "compile"]
            env = {**os.environ, **env, "DJANGO_SETTINGS_MODULE": "portal.settings.test"}
            subprocess.run(command, cwd=databases.ROOT, env=env, check=True)
            return


@pytest.fixture(scope="session")
def servers_env(pytestconfig):
    """The environment of the test servers as they were started."""
    return pytestconfig.stash[_running].env


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker, servers_env):
    """The process's clone of the migrated template, in place of Django's own test database."""
    from django.db import connections

    name = connections.settings["default"]["NAME"]
    databases.clone(servers_env, name)
    yield
    with django_db_blocker.unblock():
        connections.close_all()
    databases.drop(servers_env, name)


@pytest.fixture(scope="session", autouse=True)
def static_files_listed_once():
    """Make WhiteNoise list the static files once instead of for each new test client.

    Listing takes a quarter of a second, and the files are the same for all clients.
    """
    from whitenoise.middleware import WhiteNoiseMiddleware

    listed, walk = {}, WhiteNoiseMiddleware.add_files_from_finders

    def from_finders(self):
        key = str((self.static_prefix, settings.STATICFILES_DIRS, settings.STATICFILES_FINDERS, settings.STORAGES))
        before, self.files = self.files, {}
        if key not in listed:
            walk(self)
            listed[key] = self.files
        self.files = before | listed[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoiseMiddleware, "add_files_from_finders", from_finders)
        yield


@pytest.fixture
def transactional_db():
    """Fail, because this fixture would truncate tables, which the serving role cannot do."""
    pytest.fail("Use fresh_database: a test that commits gets a database of its own.")


@pytest.fixture
def fresh_database(request, django_test_environment, django_db_blocker, servers_env):
    """The name of a database for this test alone; all threads connect to it, and commits persist."""
    if "db" in request.fixturenames or request.node.get_closest_marker("django_db"):
        pytest.fail("fresh_database stands in place of django_db: take one of them.")
    name = databases.clone_name()
    databases.clone(servers_env, name)
    try:
        with (
            django_db_blocker.unblock(),
            databases.default_connection(databases.url_for(servers_env["DATABASE_URL"], name)),
        ):
            yield name
    finally:
        databases.drop(servers_env, name)


@pytest.fixture
def committed(fresh_database):
    """A cursor of the owner on the test's own database, which holds the province."""
    from tests.factories.organizations import make_province

    make_province()
    with contextlib.closing(psycopg2.connect(os.environ["DATABASE_OWNER_URL"])) as owner:
        owner.autocommit = True
        with owner.cursor() as cursor:
            yield cursor


@pytest.fixture(scope="session")
def one_stack(tmp_path_factory, django_test_environment, django_db_blocker, servers_env):
    """The stack of this process, started for the first module that requests it."""
    with Stack(servers_env, tmp_path_factory.mktemp("stack"), blocker=django_db_blocker) as running:
        running.used = False
        yield running


@pytest.fixture(scope="module")
def stack(one_stack):
    """Web server, worker and beat on a database of their own, for the tests of one module.

    ``make test`` distributes by file, so that all tests of a module find the same rows. The processes serve one module
    after the other; if they cannot be reused, they are started again.
    """
    if one_stack.used:
        try:
            one_stack.renew()
        except StackError:
            one_stack.stop()
            one_stack.start()
    one_stack.used = True
    return one_stack


@pytest.fixture(scope="session")
def browser():
    """One Chromium for the process."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium.find(), args=list(chromium.FLAGS))
        yield launched
        launched.close()


@pytest.fixture
def watch():
    """The findings of this test's pages; ``watch.allow(pattern)`` excepts what the test provokes."""
    return Watch(hosts=["127.0.0.1", "localhost"])


@pytest.fixture
def open_page(request, browser, watch):
    """Return a function that opens a page in a session of its own, as another person would.

    Call it as ``open_page(viewport=PHONE, locale="zh-CN")``. Addresses may be given without a host when the test has a
    stack. The test fails if the watch has findings.
    """
    url = request.getfixturevalue("stack").url if "stack" in request.fixturenames else None
    contexts = []

    def open_(viewport=DESK, locale="zh-CN", **options):
        context = browser.new_context(
            base_url=url, viewport=viewport, locale=locale, timezone_id="Asia/Shanghai", **options
        )
        contexts.append(context)
        context.set_default_timeout(15_000)
        watch.attach(context)
        return context.new_page()

    yield open_
    for context in contexts:
        context.close()
    if watch.findings:
        pytest.fail("\n".join(["The browser found:", *watch.findings]), pytrace=False)


@pytest.fixture
def page(request, open_page):
    """One page at the width of a desktop.

    ``@pytest.mark.parametrize("page", [PHONE], indirect=True)`` gives another viewport.
    """
    return open_page(viewport=getattr(request, "param", DESK))


@pytest.fixture(autouse=True)
def default_language():
    """Start every test in the portal's default language.

    A request of the previous test leaves its own language active.
    """
    translation.deactivate()


@pytest.fixture(autouse=True)
def no_faults_noted():
    """Forget the faults that a test counted but could not write.

    Otherwise the requests of the next test would write them.
    """
    from portal.core import faults

    yield
    faults.forget()


class _LeftOut(logging.Handler):
    """Collects the messages of the guard about rows that were left out while a test ran."""

    def __init__(self):
        super().__init__()
        self.lines = []

    def emit(self, record):
        self.lines.append(record.getMessage())


@pytest.fixture
def left_out():
    """The messages of the guard during the test; only a test that takes this fixture may leave a row out."""
    return _watch.lines


_watch = _LeftOut()


@pytest.fixture(autouse=True)
def nothing_left_out(request):
    """Fail a test in which a row was left out, so that the guard does not hide an error in the code."""
    log = logging.getLogger("portal.core.guard")
    _watch.lines.clear()
    log.addHandler(_watch)
    yield
    log.removeHandler(_watch)
    if "left_out" not in request.fixturenames and _watch.lines:
        pytest.fail("the guard left rows out:\n" + "\n".join(_watch.lines))
