"""The portal's addresses and faulty ones beside them: the walks must name these. Nothing but tests loads this."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt

from portal.core.services import heartbeat_note
from portal.urls import *  # noqa: F403 - the error handlers as well
from portal.urls import urlpatterns as own


def refusal(request, reason=""):
    """Say in a header that the check of the token refused; the portal's own page costs the walk a minute."""
    return HttpResponse("", status=403, headers={"X-Refused": "csrf"})


def writes(request):
    """Write a row on GET."""
    heartbeat_note(name="planted")
    return HttpResponse("x")


@csrf_exempt
def open_door(request):
    """Take a form without its token."""
    return HttpResponse("x")


@login_not_required
def inline(request):
    """Answer with a script, a style and a picture from elsewhere."""
    page = (
        "<!DOCTYPE html><title>x</title><p style='color:red' onclick='x()'>x</p>"
        "<script>document.title='fired'</script><img src='https://example.org/x.png'>"
    )
    return HttpResponse(page)


def stored(request):
    """Answer somebody signed in with a page that proxies may keep."""
    return HttpResponse("x", headers={"Cache-Control": "public, max-age=600"})


@login_not_required
def loose(request):
    """Answer with a policy of its own that lets everything in."""
    response = HttpResponse("x")
    response.headers["Content-Security-Policy"] = "default-src * 'unsafe-inline'"
    return response


faulty = [
    path("writes/", writes, name="writes"),
    path("open-door/", open_door, name="open-door"),
    path("inline/", inline, name="inline"),
    path("stored/", stored, name="stored"),
    path("loose/", loose, name="loose"),
]
urlpatterns = [*own, path("planted/", include((faulty, "planted")))]
