"""A local server that answers a provider's requests as a test defines, and keeps what it was sent."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from deploy.servers.processes import free_port

HANGS = 20
POLL_SECONDS = 0.01


class LocalServer:
    """Listens at ``port``; ``answer(asked)`` returns (status, content type, body) or a kind of failure.

    The failures: "hang" takes the request and sends nothing, "drip" sends single bytes without end, "cut" closes after
    half an answer. ``asked`` is the request, with ``path``, ``headers`` and ``body``; ``requests`` keeps all of them.
    """

    def __init__(self, answer):
        self.answer = answer
        self.requests = []
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._over = threading.Event()

    def __enter__(self):
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                self.asked = outer.take(self)
                outer.say(self, outer.answer(self.asked))

            def do_GET(self):
                self.do_POST()

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self._server.daemon_threads = True
        # How long the end of a test waits for the thread; the default is half a second.
        threading.Thread(target=self._server.serve_forever, args=(POLL_SECONDS,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self._over.set()
        self._server.shutdown()
        self._server.server_close()

    def take(self, handler):
        asked = Asked(handler)
        self.requests.append(asked)
        return asked

    def say(self, handler, what):
        if what == "hang":
            self._over.wait(HANGS)
            return
        if what == "drip":
            self._drip(handler)
            return
        status, kind, body = what if what != "cut" else (200, "application/json", b'{"Response": {')
        body = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        handler.send_response(status)
        handler.send_header("Content-Type", kind)
        if status in (301, 302, 307, 308):
            handler.send_header("Location", f"{self.url}/elsewhere")
        handler.send_header("Content-Length", str(len(body) + (100 if what == "cut" else 0)))
        handler.end_headers()
        handler.wfile.write(body)
        handler.close_connection = True

    def _drip(self, handler):
        handler.send_response(200)
        handler.send_header("Content-Type", "application/json")
        handler.end_headers()
        ends = time.monotonic() + HANGS
        try:
            while time.monotonic() < ends and not self._over.wait(0.2):
                handler.wfile.write(b" ")
                handler.wfile.flush()
        except (TimeoutError, BrokenPipeError, ConnectionResetError):
            pass


class Asked:
    def __init__(self, handler):
        self.path = handler.path
        self.headers = {name.lower(): value for name, value in handler.headers.items()}
        self.body = handler.rfile.read(int(self.headers.get("content-length", 0)))

    @property
    def json(self):
        return json.loads(self.body)
