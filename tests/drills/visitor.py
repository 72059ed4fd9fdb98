"""A browser's requests over HTTPS to a machine without a DNS entry.

Its name is in its certificate only.
"""

import http.client
import http.cookiejar
import re
import ssl
import urllib.parse
import urllib.request

FIELD = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Visitor:
    """One person with cookies, who follows redirects.

    ``host`` is reached at 127.0.0.1, and its certificate is not verified.
    """

    def __init__(self, host, *, port=443):
        self.host, self.page, self.url = host, "", f"https://{host}/"
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE

        class Connection(http.client.HTTPSConnection):
            def connect(self):
                self._tunnel_host = None
                sock = self._create_connection(("127.0.0.1", port), self.timeout, None)
                self.sock = context.wrap_socket(sock, server_hostname=host)

        class Handler(urllib.request.HTTPSHandler):
            def https_open(self, request):
                return self.do_open(Connection, request)

        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), Handler(context=context), jar)

    def open(self, url, fields=None, *, files=None):
        """Request a page, or send a form with the token of the page before.

        Returns the status.
        """
        url = urllib.parse.urljoin(self.url, url)
        headers, body = {"Referer": self.url, "Origin": f"https://{self.host}"}, None
        if fields is not None:
            found = FIELD.search(self.page)
            fields = {"csrfmiddlewaretoken": found[1] if found else "", **fields}
            body = urllib.parse.urlencode(fields).encode()
            if files:
                body, headers["Content-Type"] = _multipart(fields, files)
        request = urllib.request.Request(url, data=body, headers=headers)
        try:
            with self.opener.open(request, timeout=60) as answer:
                self.page, self.url, status = answer.read().decode("utf-8", "replace"), answer.url, answer.status
        except urllib.error.HTTPError as error:
            self.page, status = error.read().decode("utf-8", "replace"), error.code
        return status


def _multipart(fields, files):
    edge = "portal-drill-edge"
    parts = [
        f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    for name, (title, content) in files.items():
        head = f'--{edge}\r\nContent-Disposition: form-data; name="{name}"; filename="{title}"\r\n'
        parts.append(head.encode() + b"Content-Type: application/octet-stream\r\n\r\n" + content + b"\r\n")
    return b"".join(parts) + f"--{edge}--\r\n".encode(), f"multipart/form-data; boundary={edge}"
