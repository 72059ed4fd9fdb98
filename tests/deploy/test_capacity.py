"""Processes and threads use all processors, and PostgreSQL has connections for all of them."""

import pytest

from portal.settings.capacity import SUPERUSERS, Capacity, capacity


@pytest.mark.parametrize("processors", range(2, 33))
def test_the_default_fits_the_connections_that_postgresql_gives(processors):
    found = capacity({}, processors)
    assert found.connections <= 100 - SUPERUSERS
    # Every processor is used, and a slow request does not block others.
    assert found.workers == processors
    assert found.threads >= 2
    assert found.workers * found.threads >= 16


@pytest.mark.parametrize(
    ("processors", "found"),
    [(2, Capacity(2, 8, 2)), (4, Capacity(4, 8, 2)), (8, Capacity(8, 8, 4)), (16, Capacity(16, 4, 8))],
)
def test_what_machines_of_common_sizes_get(processors, found):
    assert capacity({}, processors) == found


@pytest.mark.parametrize("connections", [20, 50, 100, 300, 1000])
@pytest.mark.parametrize("processors", [1, 2, 8, 32, 128])
def test_what_the_database_has_no_connections_for_is_cut_off(connections, processors):
    asked = {"PORTAL_WEB_WORKERS": "64", "PORTAL_WEB_THREADS": "64", "PORTAL_WORKER_PROCESSES": "90"}
    for variables in ({}, asked):
        found = capacity({**variables, "PORTAL_DATABASE_CONNECTIONS": str(connections)}, processors)
        assert found.connections <= connections - SUPERUSERS
        assert min(found) >= 1


def test_what_fits_is_taken_as_it_was_asked_for():
    asked = {"PORTAL_WEB_WORKERS": "3", "PORTAL_WEB_THREADS": "5", "PORTAL_WORKER_PROCESSES": "6"}
    assert capacity(asked, 2) == Capacity(3, 5, 6)
    assert capacity(dict.fromkeys(asked, ""), 2) == capacity({}, 2)
