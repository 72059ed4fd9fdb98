"""Fixtures of the import kit. Models are imported inside: this file is read before Django is set up."""

import pytest


@pytest.fixture
def people(monkeypatch):
    """The tests' own register among the declared ones."""
    from portal.exchange.registers import registers
    from tests.exchange.people import CODE, PeopleRegister

    register = PeopleRegister()
    monkeypatch.setitem(registers(), CODE, register)
    return register


@pytest.fixture(autouse=True)
def private_storage(settings, tmp_path):
    """A private storage of the test's own; the folder of it."""
    settings.PRIVATE_STORAGE_DIR = tmp_path / "storage"
    settings.PRIVATE_STORAGE_DIR.mkdir()
    return settings.PRIVATE_STORAGE_DIR
