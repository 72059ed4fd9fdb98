"""Limits on the requests that each folder of tests sends and the queries that a page makes.

They are counted, never timed. This is a pytest plugin. The processes of a run send their counts to the process that
reports; a run of only some tests stays below the limits. The limits are in budget.json: ``requests`` by folder and
``queries`` by page, where "" is every page that is not named. It also names the ``longest`` files, which run first.
"""

import json
from collections import defaultdict
from pathlib import Path

import pytest

BUDGET = Path(__file__).with_name("budget.json")
SENT = "portal_requests"
NO_QUERY = ("SAVEPOINT", "RELEASE", "ROLLBACK", "SET")
SHOWN = 8


def family_of(nodeid):
    """Return the folder of a test below tests/."""
    parts = nodeid.partition("::")[0].split("/")
    return parts[1] if len(parts) > 2 else "tests"


def over(counted, budget):
    """Return a sentence for each folder that sent more requests than its limit.

    A folder that the budget does not name has no limit.
    """
    return [
        f"{family}: {requests} requests, the budget is {budget['requests'][family]}"
        for family, (_tests, requests, _seconds) in sorted(counted.items())
        if requests > budget["requests"].get(family, requests)
    ]


def too_many(asked, budget):
    """Return a sentence for each page that made more database queries than its limit."""
    bounds = budget["queries"]
    return [
        f"{page}: {queries} queries in {test}, the budget is {bounds.get(page, bounds[''])}"
        for page, (queries, test) in sorted(asked.items())
        if queries > bounds.get(page, bounds[""])
    ]


class Requests:
    """Counts the requests of Django's test client by folder while the tests of one process run."""

    def __init__(self, config):
        self.config = config
        self.counted = defaultdict(lambda: [0, 0, 0.0])
        self.asked = {}  # page -> its highest number of queries, and the test
        self.family = self.test = None

    def count(self):
        """Count a request of the running test."""
        if self.family:
            self.counted[self.family][1] += 1

    def note(self, page, queries, test=None):
        """Record the number of queries of a page if it is the highest so far."""
        if queries > self.asked.get(page, (0, ""))[0]:
            self.asked[page] = queries, test or self.test

    def exceeded(self):
        """Return a sentence for each limit that is exceeded."""
        budget = budget_of(self.config)
        return over(self.counted, budget) + too_many(self.asked, budget)

    def add(self, counted):
        """Add the counts of another process."""
        for family, numbers in counted.items():
            for index, number in enumerate(numbers):
                self.counted[family][index] += number

    @pytest.hookimpl(trylast=True)
    def pytest_sessionstart(self):
        if hasattr(self.config, "workerinput") or self.config.getoption("dist", "no") == "no":
            _watch(self)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item):
        self.family, self.test = family_of(item.nodeid), item.nodeid
        self.counted[self.family][0] += 1
        try:
            return (yield)
        finally:
            self.family = None

    def pytest_runtest_logreport(self, report):
        if not hasattr(report, "node"):  # the counts of another process include its reports
            self.counted[family_of(report.nodeid)][2] += report.duration

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node):
        counted, asked = getattr(node, "workeroutput", {}).get(SENT, ({}, {}))
        self.add(counted)
        for page, (queries, test) in asked.items():
            self.note(page, queries, test)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session):
        if hasattr(self.config, "workeroutput"):
            counted = {family: list(numbers) for family, numbers in self.counted.items()}
            self.config.workeroutput[SENT] = counted, self.asked
        elif self.exceeded() and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter):
        if not self.counted:
            return
        terminalreporter.section("requests")
        terminalreporter.write_line(f"{'family':16}{'tests':>8}{'requests':>10}{'seconds':>9}")
        for family, (tests, requests, seconds) in sorted(self.counted.items(), key=lambda one: -one[1][2]):
            terminalreporter.write_line(f"{family:16}{tests:>8}{requests:>10}{seconds:>9.0f}")
        most = sorted(self.asked.items(), key=lambda one: -one[1][0])[:SHOWN]
        terminalreporter.write_line("most queries: " + ", ".join(f"{page} {count}" for page, (count, _test) in most))
        for line in self.exceeded():
            terminalreporter.write_line(f"OVER BUDGET {line} (tests/budget.json)", red=True)


def budget_of(config):
    """Return the budget, or the one that a test names by an option."""
    return json.loads(Path(config.getoption("request_budget") or BUDGET).read_text(encoding="utf-8"))


def pytest_addoption(parser):
    parser.addoption("--request-budget", help="JSON of bounds, in place of tests/budget.json")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """Start with the files that take longest, so that no process is still busy while another is idle."""
    longest = budget_of(config).get("longest", [])
    place = {name: number for number, name in enumerate(longest)}
    items.sort(key=lambda item: place.get(item.nodeid.partition("::")[0], len(place)))


def pytest_configure(config):
    config.pluginmanager.register(Requests(config), "portal-requests")


def _watch(counter):
    """Count each request that Django's test client sends."""
    from django.test import client

    for handler in (client.ClientHandler, client.AsyncClientHandler):
        handler.__call__ = _counted(handler.__call__, counter)


def _counted(send, counter):
    def counting(self, *args, **kwargs):
        from django.db import connection

        counter.count()
        queries = 0

        def watch(execute, sql, *rest):
            nonlocal queries
            queries += not (isinstance(sql, str) and sql.startswith(NO_QUERY))
            return execute(sql, *rest)

        with connection.execute_wrapper(watch):
            response = send(self, *args, **kwargs)
        request = getattr(response, "wsgi_request", None)
        if request is not None and request.method == "GET" and request.resolver_match and counter.family:
            counter.note(request.resolver_match.view_name or request.resolver_match.route, queries)
        return response

    return counting
