"""Settings of a stack whose text messages are counted."""

from portal.settings.test import *  # noqa: F403 - settings build on one another

SMS_BACKEND = "tests.drills.sinks.Counting"
