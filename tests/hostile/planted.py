"""The portal's addresses with faulty ones added, which the crawls must name.

Nothing but tests loads this module.
"""

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt

from portal.core.services import heartbeat_note
from portal.urls import *  # noqa: F403 - the error handlers as well
from portal.urls import urlpatterns as own


def refusal(request, reason=""):
    """Say in a header that the token check refused the request.

    The portal's own page would cost the crawl a minute.
    """
    return HttpResponse("", status=403, headers={"X-Refused": "csrf"})


def writes(request):
    """Write a row on GET."""
    heartbeat_note(name="planted")
    return HttpResponse("x")


@csrf_exempt
def open_door(request):
    """Accept a form without its token."""
    return HttpResponse("x")


@login_not_required
def inline(request):
    """Answer with a script, a style and a picture from another host."""
    page = (
        "<!DOCTYPE html><title>x</title><p style='color:red' onclick='x()'>x</p>"
        "<script>document.title='fired'</script><img src='https://example.org/x.png'>"
    )
    return HttpResponse(page)


def stored(request):
    """Answer people who are signed in with a page that proxies may keep."""
    return HttpResponse("x", headers={"Cache-Control": "public, max-age=600"})


@login_not_required
def loose(request):
    """Answer with a policy of its own that permits everything."""
    response = HttpResponse("x")
    response.headers["Content-Security-Policy"] = "default-src * 'unsafe-inline'"
    return response


@login_not_required
def keeps(request):
    """Sign a person in without starting a new session."""
    member = get_user_model().objects.filter(pk=request.session.get("planted", 0)).first()
    if member is None:
        return HttpResponse("nobody")
    request.session[SESSION_KEY] = str(member.pk)
    request.session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    request.session[HASH_SESSION_KEY] = member.get_session_auth_hash()
    return HttpResponse("x")


faulty = [
    path("keeps/", keeps, name="keeps"),
    path("writes/", writes, name="writes"),
    path("open-door/", open_door, name="open-door"),
    path("inline/", inline, name="inline"),
    path("stored/", stored, name="stored"),
    path("loose/", loose, name="loose"),
]
urlpatterns = [*own, path("planted/", include((faulty, "planted")))]
