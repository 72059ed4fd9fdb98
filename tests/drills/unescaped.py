"""Settings of a control run.

Templates come from another folder, and the content security policy is switched off where that is requested.
"""

import os

from portal.settings.test import *  # noqa: F403
from portal.settings.test import MIDDLEWARE, TEMPLATES

TEMPLATES[0]["DIRS"] = [os.environ["DRILL_TEMPLATES"]]
if os.environ.get("DRILL_POLICY") == "none":
    MIDDLEWARE.remove("csp.middleware.CSPMiddleware")
