"""How many processes and threads a machine gets: as many as its processors use and the database has connections for.

Each thread of the web server and each process of the worker keeps one connection. PostgreSQL gives ``max_connections``
(100 unless it is set; PORTAL_DATABASE_CONNECTIONS says so here), three of them for superusers alone.
"""

import os
from typing import NamedTuple

CONNECTIONS = 100
SUPERUSERS = 3
# Commands by hand, migrations, the backup (three at once), the monitor and a person at psql.
COMMANDS = 10
# Beat opens none; one is for what it may come to.
BEAT = 1
THREADS, THREADS_LEAST = 8, 2


class Capacity(NamedTuple):
    """Processes of the web server, threads in each, processes of the worker."""

    workers: int
    threads: int
    jobs: int

    @property
    def connections(self):
        """Return the most that are open at once; each server may have a process that begins while another ends."""
        return (self.workers + 1) * self.threads + self.jobs + 1 + BEAT + COMMANDS


def capacity(variables, processors=None):
    """Return the Capacity for ``variables`` (of the environment) and a number of processors (this machine's).

    PORTAL_WEB_WORKERS, PORTAL_WEB_THREADS and PORTAL_WORKER_PROCESSES are taken as they are as long as the database has
    connections for them; what it has none for is cut off.
    """

    def asked(name, otherwise):
        return max(1, int(variables.get(name) or otherwise))

    processors = processors or len(os.sched_getaffinity(0))
    free = asked("PORTAL_DATABASE_CONNECTIONS", CONNECTIONS) - SUPERUSERS - COMMANDS - BEAT
    jobs = min(asked("PORTAL_WORKER_PROCESSES", min(8, max(2, processors // 2))), max(1, free // 4 - 1))
    free -= jobs + 1
    workers = asked("PORTAL_WEB_WORKERS", max(2, processors))
    # Processes use processors, threads mostly wait: of the two, threads give way.
    threads = asked("PORTAL_WEB_THREADS", min(THREADS, max(THREADS_LEAST, free // (workers + 1))))
    threads = min(threads, max(1, free // 2))
    return Capacity(min(workers, max(1, free // threads - 1)), threads, jobs)
