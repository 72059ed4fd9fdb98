"""The command line of the servers."""

import argparse
import os
import signal
import subprocess
import sys
from pathlib import Path

from deploy.servers.cluster import lease, start, status, stop, wipe
from deploy.servers.files import ServersError


def _run_with(folder, command, *, test):
    """Run the command with servers and return its exit code.

    Ctrl-C is left to the command; a SIGTERM is passed to it as Ctrl-C.
    """
    with lease(folder, test=test) as servers:
        # A shell starts background commands with Ctrl-C ignored, and the command would inherit that.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        process = subprocess.Popen(command, env={**os.environ, **servers.env})
        signal.signal(signal.SIGINT, lambda *_: None)
        signal.signal(signal.SIGTERM, lambda *_: process.send_signal(signal.SIGINT))
        return process.wait()


def main(arguments=None):
    """Run a command line and return the exit code."""
    parser = argparse.ArgumentParser(description="PostgreSQL and Valkey for development and tests.")
    parser.add_argument("action", choices=["start", "stop", "status", "wipe", "with"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--test", action="store_true", help="without durability")
    arguments = sys.argv[1:] if arguments is None else arguments
    cut = arguments.index("--") if "--" in arguments else len(arguments)
    options, command = parser.parse_args(arguments[:cut]), arguments[cut + 1 :]
    try:
        match options.action:
            case "start":
                start(options.folder, test=options.test)
                print("\n".join(status(options.folder)), flush=True)
            case "stop":
                print("Stopped." if stop(options.folder) else "Nothing was running.", flush=True)
            case "status":
                print("\n".join(status(options.folder)), flush=True)
            case "wipe":
                wipe(options.folder)
            case "with":
                if not command:
                    parser.error("say after -- what to run")
                return _run_with(options.folder, command, test=options.test)
    except ServersError as error:
        print(error, file=sys.stderr, flush=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
