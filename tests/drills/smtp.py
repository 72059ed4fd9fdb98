"""A mail server that misbehaves on request."""

import contextlib
import socket
import threading

from deploy.servers.processes import free_port


class MailServer:
    """A mail server that listens at ``port``.

    ``mode`` is "takes", "hangs" (never answers) or "busy" (421); ``refused`` is one address that it refuses.
    """

    def __init__(self, refused=""):
        self.port = free_port()
        self.mode = "takes"
        self.refused = refused
        self.taken = []
        self.met = 0
        self._socket = socket.create_server(("127.0.0.1", self.port))
        self._open = []

    def __enter__(self):
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.stop()
        for link in self._open:
            link.close()

    def stop(self):
        """Stop listening, so that connections are refused."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _serve(self):
        with contextlib.suppress(OSError):
            while True:
                link, _address = self._socket.accept()
                self.met += 1
                self._open.append(link)
                if self.mode != "hangs":
                    threading.Thread(target=self._talk, args=[link], daemon=True).start()

    def _talk(self, link):
        with contextlib.suppress(OSError), link, link.makefile("rwb") as lines:

            def say(text):
                lines.write(f"{text}\r\n".encode())
                lines.flush()

            if self.mode == "busy":
                say("421 busy")
                return
            say("220 ready")
            address, body = "", None
            for raw in lines:
                line = raw.decode(errors="replace").rstrip("\r\n")
                if body is not None:
                    body.append(line)
                    if line == ".":
                        self.taken.append((address, "\n".join(body)))
                        body = None
                        say("250 taken")
                    continue
                word = line[:4].upper()
                if word == "RCPT":
                    address = line.partition("<")[2].partition(">")[0]
                    say("550 nobody here" if address == self.refused else "250 ok")
                elif word == "DATA":
                    body = []
                    say("354 go on")
                elif word == "QUIT":
                    say("221 bye")
                    return
                else:
                    say("250 ok")
