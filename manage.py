#!/usr/bin/env python3
"""Django's command line; without DJANGO_SETTINGS_MODULE it uses the demo settings."""

import os
import sys

if sys.version_info < (3, 11):  # noqa: UP036 - who runs it may have an older one
    sys.exit(f"The portal needs Python 3.11 or newer; this is {sys.version.split()[0]}.")

# The application role may not change tables or read all of them, so commands that do so run as the owner.
OWNER_COMMANDS = {"migrate", "sqlmigrate", "createcachetable", "backup", "restore", "privileges"}


def main():
    """Run one command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.demo")
    if OWNER_COMMANDS.intersection(sys.argv[1:2]):
        os.environ.setdefault("PORTAL_DATABASE_ROLE", "owner")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
