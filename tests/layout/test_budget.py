"""The budgets of requests and queries name what exceeds them."""

import json

from tests import budget

BOUNDS = {"requests": {"access": 10}, "queries": {"": 5, "home": 9}}


def counter(tmp_path, pytestconfig):
    file = tmp_path / "bounds.json"
    file.write_text(json.dumps(BOUNDS), encoding="utf-8")

    class Config:
        def getoption(self, name):
            return str(file) if name == "request_budget" else pytestconfig.getoption(name)

    return budget.Requests(Config())


def test_what_stays_below_is_not_named(tmp_path, pytestconfig):
    counted = counter(tmp_path, pytestconfig)
    counted.add({"access": [1, 10, 0.0], "unnamed": [1, 1000, 0.0]})
    counted.note("home", 9, "a")
    counted.note("members:me", 5, "a")
    assert counted.exceeded() == []


def test_what_goes_above_is_named_with_its_test(tmp_path, pytestconfig):
    counted = counter(tmp_path, pytestconfig)
    counted.add({"access": [1, 6, 0.0]})
    counted.add({"access": [1, 5, 0.0]})
    counted.note("home", 10, "tests/a.py::test_b")
    counted.note("home", 3, "tests/a.py::test_c")
    counted.note("members:me", 6, "tests/a.py::test_d")
    assert counted.exceeded() == [
        "access: 11 requests, the budget is 10",
        "home: 10 queries in tests/a.py::test_b, the budget is 9",
        "members:me: 6 queries in tests/a.py::test_d, the budget is 5",
    ]


def test_a_page_of_the_running_test_is_counted(client, db, pytestconfig):
    counted = pytestconfig.pluginmanager.get_plugin("portal-requests")
    before = counted.counted["layout"][1]
    client.get("/")
    assert counted.counted["layout"][1] == before + 1
    assert "home" in counted.asked
