"""Client of the virus scanner: clamd of ClamAV, by its own protocol (INSTREAM over a socket).

The only client library that is still maintained is under the GPL, whose terms would bind the portal. The protocol is a
command, chunks with their lengths, and one line as the answer.
"""

from __future__ import annotations

import socket
import struct
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from typing import IO

PIECE = 64 * 1024


PING_SECONDS = 1


class ScannerDown(Exception):
    """The scanner did not answer."""


class Unjudged(ScannerDown):
    """The scanner answered but cannot scan this one file, for example because it is too large."""


def is_on() -> bool:
    """Return whether a scanner is set up."""
    return bool(settings.CLAMD)


def virus_in(stream: IO[bytes]) -> str:
    """Return the name of the virus in ``stream``, read to its end; '' if there is none.

    Raises ScannerDown if the scanner does not answer or cannot scan the content.
    """
    answer = _asked_about(stream)
    if answer.endswith(" FOUND"):
        return answer.removesuffix(" FOUND").rpartition(": ")[2] or "virus"
    if answer.endswith(": OK"):
        return ""
    raise Unjudged(answer[:100]) if answer else ScannerDown("no answer")


def answers() -> bool:
    """Return whether the scanner answers a ping."""
    try:
        with _link(PING_SECONDS) as link:
            link.sendall(b"zPING\0")
            return _answer(link) == "PONG"
    except OSError:
        return False


def _asked_about(stream: IO[bytes]) -> str:
    try:
        with _link(settings.CLAMD_SECONDS) as link:
            link.sendall(b"zINSTREAM\0")
            while piece := stream.read(PIECE):
                link.sendall(struct.pack("!L", len(piece)) + piece)
            link.sendall(struct.pack("!L", 0))
            return _answer(link)
    except OSError as error:
        raise ScannerDown(str(error)) from error


def _link(seconds: float) -> socket.socket:
    address = settings.CLAMD
    if not address.startswith("/"):
        host, _colon, port = address.rpartition(":")
        return socket.create_connection((host, int(port)), timeout=seconds)
    link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        link.settimeout(seconds)
        link.connect(address)
    except BaseException:
        link.close()
        raise
    return link


def _answer(link: socket.socket) -> str:
    said = b""
    while not said.endswith(b"\0") and (more := link.recv(4096)):
        said += more
    return said.rstrip(b"\0\n").decode(errors="replace")
