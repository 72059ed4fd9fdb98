"""How many processes and threads a machine gets, from its processors and database connections.

There are as many as the processors can use and the database has connections for. Each thread of the web server and each
process of the worker keeps one connection. PostgreSQL allows ``max_connections`` (default 100; if it is changed,
PORTAL_DATABASE_CONNECTIONS must say so here), of which three are for superusers only.
"""

import os
from typing import NamedTuple

CONNECTIONS = 100
SUPERUSERS = 3
# Commands by hand, migrations, the backup (three at once), the monitor and a person using psql.
COMMANDS = 10
# Beat opens no connection; one is kept in reserve for it.
BEAT = 1
THREADS, THREADS_LEAST = 8, 2


class Capacity(NamedTuple):
    """Numbers of web server processes, of threads in each, and of worker processes."""

    workers: int
    threads: int
    jobs: int

    @property
    def connections(self):
        """Return the most connections open at once; each server may start a process while another ends."""
        return (self.workers + 1) * self.threads + self.jobs + 1 + BEAT + COMMANDS


def capacity(variables, processors=None):
    """Return the Capacity for ``variables`` (environment) and ``processors`` (default: this machine's).

    PORTAL_WEB_WORKERS, PORTAL_WEB_THREADS and PORTAL_WORKER_PROCESSES are used as given, as long as the database has
    connections for them; numbers beyond that are reduced.
    """

    def asked(name, otherwise):
        return max(1, int(variables.get(name) or otherwise))

    processors = processors or len(os.sched_getaffinity(0))
    free = asked("PORTAL_DATABASE_CONNECTIONS", CONNECTIONS) - SUPERUSERS - COMMANDS - BEAT
    jobs = min(asked("PORTAL_WORKER_PROCESSES", min(8, max(2, processors // 2))), max(1, free // 4 - 1))
    free -= jobs + 1
    workers = asked("PORTAL_WEB_WORKERS", max(2, processors))
    # Processes use processors, threads mostly wait: where connections are short, threads are reduced first.
    threads = asked("PORTAL_WEB_THREADS", min(THREADS, max(THREADS_LEAST, free // (workers + 1))))
    threads = min(threads, max(1, free // 2))
    return Capacity(min(workers, max(1, free // threads - 1)), threads, jobs)
