"""Where a request comes from."""

from django.conf import settings


def client_address(request):
    """Return the caller's address; X-Forwarded-For counts only as far as our own proxies wrote it."""
    proxies = settings.TRUSTED_PROXIES
    chain = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    if proxies and len(chain) >= proxies:
        return chain[-proxies][:45]
    return request.META.get("REMOTE_ADDR", "")
