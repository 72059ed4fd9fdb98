"""How many questions a page asks the database."""

from django.db import connection
from django.test.utils import CaptureQueriesContext


def queries_of(client, path, **kwargs):
    """Return the number of queries of a page that answers 200.

    It is asked twice and counted the second time: the first answer may note that a session was seen.
    """
    assert client.get(path, **kwargs).status_code == 200, path
    with CaptureQueriesContext(connection) as queries:
        client.get(path, **kwargs)
    return len(queries)
