"""The network address of a request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from portal.core.daily import daily_key
from portal.core.limits import network_of

if TYPE_CHECKING:
    from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """Return the caller's address; X-Forwarded-For counts only as far as our own proxies wrote it."""
    proxies = settings.TRUSTED_PROXIES
    chain = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    if proxies and len(chain) >= proxies:
        return chain[-proxies][:45]
    address: str = request.META.get("REMOTE_ADDR", "")
    return address


def client_key(request: HttpRequest) -> str:
    """Return the key under which attempts are counted: the signed-in person, else the caller's network."""
    if request.user.is_authenticated:
        return f"person.{request.user.pk}"
    return f"address.{network_of(client_address(request))}"


def visitor_key(request: HttpRequest) -> str:
    """Return the key under which the attempts of a network are counted today, the signed-in person or not.

    It is made with the secret of the day: once that is deleted, the counts lead to no address.
    """
    return daily_key(network_of(client_address(request)))
