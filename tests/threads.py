"""Concurrent work, each thread with its own connection; for tests with a ``fresh_database``."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connections

START_SECONDS = 30


def at_once(work, items, *, threads=20):
    """Run ``work(item)`` for all items in threads that start together.

    Return results and exceptions in the order of the items.
    """
    items = list(items)
    threads = min(threads, len(items))
    barrier = Barrier(threads)
    shares = [items[number::threads] for number in range(threads)]

    def share(mine):
        results = []
        try:
            connections["default"].ensure_connection()
            barrier.wait(START_SECONDS)
            for item in mine:
                try:
                    results.append(work(item))
                except Exception as error:
                    results.append(error)
        finally:
            connections.close_all()
        return results

    found = [None] * len(items)
    with ThreadPoolExecutor(threads) as pool:
        for number, results in enumerate(pool.map(share, shares)):
            found[number::threads] = results
    return found
