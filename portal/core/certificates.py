"""Asks a web server for its certificate, as a browser does."""

import socket
import ssl
from typing import NamedTuple
from urllib.parse import urlsplit

from cryptography import x509

SECONDS = 5


class Seen(NamedTuple):
    """The end of the certificate in seconds since 1970, or None, and what is wrong with it, or ''."""

    ends_at: int | None
    fault: str


def certificate_of(url: str) -> Seen | None:
    """Return the Seen of the server at an https URL; None for a URL without a certificate."""
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname:
        return None
    place = (parts.hostname, parts.port or 443)
    try:
        return Seen(_ends_at(place, ssl.create_default_context()), "")
    except ssl.SSLCertVerificationError as error:
        fault = error.verify_message or "not trusted"
    except (OSError, ValueError) as error:
        return Seen(None, type(error).__name__)
    # Connect again without verification, to read the date.
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        return Seen(_ends_at(place, context), fault)
    except (OSError, ValueError):
        return Seen(None, fault)


def _ends_at(place: tuple[str, int], context: ssl.SSLContext) -> int:
    with socket.create_connection(place, SECONDS) as link, context.wrap_socket(link, server_hostname=place[0]) as safe:
        found = x509.load_der_x509_certificate(safe.getpeercert(binary_form=True) or b"")
    return int(found.not_valid_after_utc.timestamp())
