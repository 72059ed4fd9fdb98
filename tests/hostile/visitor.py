"""A visitor of the running portal without a browser.

It sends cookies, forms, files, and bytes on a bare socket.
"""

import http.client
import re
import socket
import uuid
from urllib.parse import urlencode, urlsplit

from django.test import Client

from tests.factories.members import sign_in


class Visitor:
    """A session over HTTP that does not follow redirects."""

    def __init__(self, stack, member=None):
        self.host, self.port = urlsplit(stack.url).hostname, urlsplit(stack.url).port
        self.cookies = {}
        if member is not None:
            with stack.orm():
                client = sign_in(Client(), member)
                session = client.session
                session["code_at"] = session["seen_at"]
                session.save()
            self.cookies["sessionid"] = client.cookies["sessionid"].value

    def ask(self, method, path, body=None, headers=None):
        """Send a request and return (status, text, headers) of the answer."""
        link = http.client.HTTPConnection(self.host, self.port, timeout=30)
        try:
            cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
            link.request(method, path, body, {"Cookie": cookies, **(headers or {})})
            answer = link.getresponse()
            for name, value in answer.getheaders():
                if name.lower() == "set-cookie":
                    key, _sign, rest = value.partition("=")
                    self.cookies[key] = rest.partition(";")[0]
            return answer.status, answer.read().decode(errors="replace"), answer.headers
        finally:
            link.close()

    def get(self, path):
        return self.ask("GET", path)

    def token(self, path):
        return re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.get(path)[1])[1]

    def post(self, path, fields, page=None):
        """Send a form with the token of ``page``, or else of the page at ``path``."""
        body = urlencode({"csrfmiddlewaretoken": self.token(page or path), **fields})
        return self.ask("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"})

    def upload(self, path, fields, name, data, *, field="file", page=None):
        """Send a form with a file."""
        mark = uuid.uuid4().hex
        parts = []
        for key, value in {"csrfmiddlewaretoken": self.token(page or path), **fields}.items():
            parts.append(f'--{mark}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode())
        head = f'--{mark}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n'
        parts.append(f"{head}Content-Type: application/octet-stream\r\n\r\n".encode() + data + b"\r\n")
        body = b"".join(parts) + f"--{mark}--\r\n".encode()
        return self.ask("POST", path, body, {"Content-Type": f"multipart/form-data; boundary={mark}"})

    def bare(self, data, pieces=()):
        """Send bytes on a socket, then ``pieces`` until the server stops reading.

        Returns (status, bytes sent).
        """
        with socket.create_connection((self.host, self.port), timeout=15) as link:
            link.sendall(data)
            sent = len(data)
            try:
                for piece in pieces:
                    link.sendall(piece)
                    sent += len(piece)
            except (BrokenPipeError, ConnectionResetError):
                pass
            try:
                answer = link.recv(4096)
            except ConnectionResetError:
                return None, sent
        found = re.match(rb"HTTP/1\.[01] (\d{3})", answer)
        return int(found[1]) if found else None, sent
