"""Real Chromium with an eye on it: what a visitor never sees but we must."""

import re
from urllib.parse import urlsplit

DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}

# Violations of the policy reach the console by themselves only as text; this names directive and address.
_REPORT_VIOLATIONS = """
addEventListener("securitypolicyviolation", (event) => {
  console.error(`CSP ${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile ?? ""}`);
});
"""


class Watch:
    """What went wrong in the browser: console errors, policy violations, foreign hosts, answers from 500 up.

    ``allow(pattern)`` names a finding that the test provokes on purpose.
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
        """All findings that no one allowed."""
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
