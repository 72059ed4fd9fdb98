"""Settings of a control run: templates of another folder, and no policy where that is asked for."""

import os

from portal.settings.test import *  # noqa: F403
from portal.settings.test import MIDDLEWARE, TEMPLATES

TEMPLATES[0]["DIRS"] = [os.environ["DRILL_TEMPLATES"]]
if os.environ.get("DRILL_POLICY") == "none":
    MIDDLEWARE.remove("csp.middleware.CSPMiddleware")
