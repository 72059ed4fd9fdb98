"""A virus scanner for tests: it speaks clamd's protocol on a port of its own and knows one virus."""

import contextlib
import socket
import struct
import threading

# The EICAR test file in two parts, so that no scanner mistakes this source file for it.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS" + rb"-TEST-FILE!$H+H*"
# Content that this scanner reports as too large.
TOO_LARGE = b"TOO-LARGE"


class Scanner:
    """Counts the scans; ``mood`` is how the scanner behaves: well, silent or error."""

    def __init__(self):
        self.mood = "well"
        self.asked = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._socket.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self):
        self._socket.close()

    def _serve(self):
        with contextlib.suppress(OSError):
            while True:
                link, _address = self._socket.accept()
                threading.Thread(target=self._answer, args=(link,), daemon=True).start()

    def _answer(self, link):
        with link, contextlib.suppress(OSError), link.makefile("rb") as stream:
            command = b""
            while not command.endswith(b"\0"):
                command += stream.read(1)
            if command == b"zPING\0":
                link.sendall(b"PONG\0" if self.mood != "silent" else b"")
                return
            self.asked += 1
            content = b""
            while size := struct.unpack("!L", stream.read(4))[0]:
                content += stream.read(size)
            if self.mood == "silent":
                stream.read(1)
            elif self.mood == "error" or TOO_LARGE in content:
                link.sendall(b"INSTREAM size limit exceeded. ERROR\0")
            else:
                link.sendall(b"stream: Eicar-Test-Signature FOUND\0" if EICAR in content else b"stream: OK\0")
