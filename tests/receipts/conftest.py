"""The tables of the requests of the tests.

Models are imported inside the fixtures, because this file is read before Django is set up.
"""

import pytest


@pytest.fixture(scope="module")
def tables(django_db_setup, django_db_blocker):
    """The tables of the two models, for the tests of one module."""
    from tests.receipts import asks

    with django_db_blocker.unblock():
        with asks.tables():
            yield


@pytest.fixture
def asks(tables, db):
    """The tables, in a test whose rows are rolled back."""
