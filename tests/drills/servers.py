"""A second web server beside a stack, with the same database but its own settings."""

import contextlib
import os
import subprocess
import sys
import time
import urllib.request

import pytest

from deploy.servers.processes import free_port
from tests.databases import ROOT


@contextlib.contextmanager
def second_server(stack, name, *, app="portal.wsgi", threads=4, **env):
    """Run another gunicorn under ``env`` and yield its address."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", app, "--bind", f"127.0.0.1:{port}", "--workers", "2"]
    command += ["--threads", str(threads), "--worker-class", "gthread", "--worker-connections", str(4 * threads)]
    command += ["--no-control-socket", "--graceful-timeout", "5"]
    with open(stack.folder / f"{name}.log", "wb") as log:
        server = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**stack.env, "PYTHONPATH": str(ROOT), **env},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            _wait_for(f"http://127.0.0.1:{port}")
            yield f"http://127.0.0.1:{port}"
        finally:
            os.killpg(server.pid, 15)
            server.wait(15)


def _wait_for(url):
    """Wait until a worker answers.

    That the port listens does not show that the workers behind it answer.
    """
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{url}/healthz", timeout=30):
            return
        time.sleep(0.1)
    pytest.fail("the second web server does not answer")
