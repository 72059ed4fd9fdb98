"""Session rules: idle limits, one session for staff, required set-up of staff, the member's language."""

import time

from django.conf import settings
from django.contrib.auth import logout
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation

from portal.members.services.activation import account_seen
from portal.members.services.factors import must_enrol
from portal.members.services.passwords import must_change_password
from portal.web.numbers import forget

TOUCH_SECONDS = 60
NOTE_SECONDS = 24 * 3600


class SessionRulesMiddleware:
    """Ends sessions that are idle, too old or superseded; staff have one session at a time.

    ``seen_at`` is written at most once a minute, so that not every page view writes a row. The use of the account is
    noted once a day.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            self._judge(request)
        if (
            request.user.is_authenticated
            and request.user.language
            and not request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        ):
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language()
        return self.get_response(request)

    @staticmethod
    def _judge(request):
        now = int(time.time())
        session = request.session
        seen = session.get("seen_at", now)
        if session.get("staff"):
            idle = settings.ADMINISTRATOR_IDLE_SECONDS if request.user.is_staff else settings.STAFF_IDLE_SECONDS
            over = now - seen > idle or now - session.get("signed_in_at", now) > settings.STAFF_SESSION_SECONDS
            if over or request.user.session_key != session.session_key:
                logout(request)
                return
        else:
            request.user.by_phone_alone = True
        if request.method == "POST":
            forget(request)
        if now - seen >= TOUCH_SECONDS or "seen_at" not in session:
            session["seen_at"] = now
        if now - session.get("noted_at", session.get("signed_in_at", now)) >= NOTE_SECONDS:
            account_seen(request.user)
            session["noted_at"] = now


# The pages open to a member who must first change the password or set up an authenticator.
SETUP_PAGES = {
    "members:authenticator-qr",
    "members:authenticator-setup",
    "members:fresh",
    "members:fresh-code",
    "members:password",
    "members:sent-messages",
    "members:sign-out",
    "web:language",
    "web:theme",
    "healthz",
}


class ClosedPagesMiddleware:
    """Limits provisional accounts, and those with closed private pages, to pages marked ``provisional``.

    Closed is the default: a member page without the mark opens only once the person is confirmed. Desk pages and the
    admin require a duty, which a provisional account does not have. The redirect comes before the view looks for its
    row, so it reveals nothing about rows.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if not request.user.is_authenticated or request.user.opens_secrets:
            return None
        if not getattr(view, "login_required", True) or request.resolver_match.app_name == "admin":
            return None
        page = getattr(view, "view_class", view)
        if getattr(page, "provisional", False) or getattr(page, "shell", None) == "desk":
            return None
        target = request.get_full_path() if request.method == "GET" else ""
        return redirect(reverse("members:proof", query={"next": target} if target else None))


class AccountSetupMiddleware:
    """Redirects staff to the set-up of what they lack: a new password, or a required second factor."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if not request.user.is_authenticated or not request.session.get("staff"):
            return None
        if request.resolver_match.view_name in SETUP_PAGES:
            return None
        if must_change_password(request.user):
            return redirect("members:password")
        if must_enrol(request.user):
            return redirect("members:authenticator-setup")
        return None
