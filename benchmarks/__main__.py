"""``python -m benchmarks [PART ...] [--reset]``: measure on separate servers with demo data.

The data lies under var/bench and is kept for the next run. The database is set to be durable, as in production; nothing
else should run on the machine meanwhile.
"""

import argparse
import importlib
import logging
import os
import subprocess
import sys
from pathlib import Path

from deploy.servers import cluster

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "var" / "bench"
PARTS = ("registration", "roster", "pages", "introductions", "statistics", "scale", "costs", "finder")
# These make a database of their own.
WITHOUT_DEMO = {"costs", "finder"}


def main(arguments=None):
    """Run the named parts, or all of them, and return the exit code."""
    parser = argparse.ArgumentParser(description="Measure speed and size of the portal.")
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--reset", action="store_true", help="throw the data of earlier runs away")
    options = parser.parse_args(arguments)
    if not set(options.parts) <= set(PARTS):
        parser.error(f"the parts are {', '.join(PARTS)}")
    if options.reset:
        cluster.wipe(FOLDER)
    with cluster.lease(FOLDER) as running:
        os.environ |= {**running.env, "DJANGO_SETTINGS_MODULE": "portal.settings.demo"}
        os.environ.pop("PORTAL_DATABASE_ROLE", None)
        static = ["collectstatic", "--no-input", "-v", "0"]
        demo = [] if options.parts and set(options.parts) <= WITHOUT_DEMO else [["load_demo"]]
        for command in (["migrate", "-v", "0"], ["catalogs", "compile"], static, *demo):
            subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        # Imported only now, because the modules read the environment on import.
        django = importlib.import_module("django")
        django.setup()
        logging.disable(logging.WARNING)
        for part in options.parts or PARTS:
            title, head, rows = importlib.import_module(f"benchmarks.{part}").measure()
            table(title, head, rows)
    return 0


def table(title, head, rows):
    """Print the rows as a table."""
    rows = [tuple(map(str, row)) for row in rows]
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
    print(f"\n{title}")
    for row in [head, tuple("-" * width for width in widths), *rows]:
        print("  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip(), flush=True)


if __name__ == "__main__":
    sys.exit(main())
