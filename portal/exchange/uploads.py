"""Uploads that are never written to the disk in clear: for pages on which sealed files are sent.

Django stores an upload of more than a megabyte as a temporary file. On a page with ``SealedUploadMixin`` uploads stay
in memory; ``HostileInputMiddleware`` has refused what is larger than MAX_BODY_BYTES.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt, csrf_protect

if TYPE_CHECKING:
    from typing import Any

    from django.http import HttpRequest, HttpResponseBase


class InMemoryUpload(MemoryFileUploadHandler):
    """Keeps an upload of any size in memory."""

    def handle_raw_input(self, *args: Any, **kwargs: Any) -> None:
        self.activated = True


@method_decorator(csrf_exempt, name="dispatch")
class SealedUploadMixin:
    """A form page whose uploads stay in memory; it stands before the view class.

    The CSRF check of the middleware would read the upload first, so it is made here, after the handler is set.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        # Another body has no file in it, and the middleware may have read it already.
        if (request.content_type or "").startswith("multipart/"):
            request.upload_handlers = [InMemoryUpload(request)]
        page = super().dispatch  # type: ignore[misc]  # of the view class that follows

        @csrf_protect
        def checked(request: HttpRequest) -> HttpResponseBase:
            response: HttpResponseBase = page(request, *args, **kwargs)
            return response

        return checked(request)
