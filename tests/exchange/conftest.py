"""Fixtures of the import kit.

Models are imported inside the fixtures, because this file is read before Django is set up.
"""

import pytest


@pytest.fixture
def people(monkeypatch):
    """Add the tests' own register to the declared ones."""
    from portal.exchange.registers import registers
    from tests.exchange.people import CODE, PeopleRegister

    register = PeopleRegister()
    monkeypatch.setitem(registers(), CODE, register)
    return register


@pytest.fixture(autouse=True)
def private_storage(settings, tmp_path):
    """The folder of a private storage for this test alone."""
    settings.PRIVATE_STORAGE_DIR = tmp_path / "storage"
    settings.PRIVATE_STORAGE_DIR.mkdir()
    return settings.PRIVATE_STORAGE_DIR
