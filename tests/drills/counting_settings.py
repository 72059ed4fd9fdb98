"""The settings of a stack whose text messages are counted."""

from portal.settings.test import *

SMS_BACKEND = "tests.drills.sinks.Counting"
