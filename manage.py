#!/usr/bin/env python3
"""Django's command line; without DJANGO_SETTINGS_MODULE it works on the demo."""

import os
import sys

if sys.version_info < (3, 11):  # noqa: UP036 - who runs it may have an older one
    sys.exit(f"The portal needs Python 3.11 or newer; this is {sys.version.split()[0]}.")

# The serving role may not change tables nor read them all, so what does runs as the owner.
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
