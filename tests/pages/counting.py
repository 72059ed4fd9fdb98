"""Counting of the database queries of a page."""

from django.db import connection
from django.test.utils import CaptureQueriesContext


def queries_of(client, path, **kwargs):
    """Return the number of queries of a page that answers 200.

    The page is requested twice and counted the second time, because the first request may record that the session was
    seen.
    """
    assert client.get(path, **kwargs).status_code == 200, path
    with CaptureQueriesContext(connection) as queries:
        client.get(path, **kwargs)
    return len(queries)
