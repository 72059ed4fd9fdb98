"""Real Chromium under observation, for errors that a visitor never sees but the tests must."""

import re
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe

DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}

# Without this, the console shows a violation of the policy only as text; this names the directive and the address.
_REPORT_VIOLATIONS = """
addEventListener("securitypolicyviolation", (event) => {
  console.error(`CSP ${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile ?? ""}`);
});
"""


def accessible(page):
    """Check the shown page with axe-core.

    A click returns when the next page has begun to arrive. Its document may still be empty, so its end is awaited.
    """
    page.wait_for_load_state()
    found = Axe().run(page).response["violations"]
    assert [(urlsplit(page.url).path, one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []


class Watch:
    """Collects what went wrong in the browser.

    These are console errors, policy violations, foreign hosts, and answers with a status of 500 or above.
    ``allow(pattern)`` excepts a finding that the test provokes on purpose.
    """

    def __init__(self, hosts):
        self.hosts = set(hosts)
        self._found = []
        self._allowed = []

    def allow(self, pattern):
        """Expect findings that match the regular expression."""
        self._allowed.append(re.compile(pattern))

    @property
    def findings(self):
        """All findings that were not allowed."""
        return [text for text in self._found if not any(pattern.search(text) for pattern in self._allowed)]

    def attach(self, context):
        """Watch every page of a browser context."""
        context.add_init_script(_REPORT_VIOLATIONS)
        context.on("console", self._console)
        context.on("weberror", lambda error: self._found.append(f"error in a script: {error.error}"))
        context.on("request", self._request)
        context.on("response", self._response)

    def _console(self, message):
        if message.type == "error":
            self._found.append(f"console: {message.text} ({message.location.get('url', '')})")

    def _request(self, request):
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.hostname not in self.hosts:
            self._found.append(f"foreign host: {request.url}")

    def _response(self, response):
        if response.status >= 500:
            self._found.append(f"answer {response.status}: {response.request.method} {response.url}")
