"""Property 45 under production's own settings: the cookies that a browser gets at sign-in."""

import json
import os
import subprocess
import sys

from tests.databases import ROOT

# Runs in a separate process, because settings are read only once.
SCRIPT = """
import json, pyotp
import django
django.setup()
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from portal.members.services.passwords import password_set
from tests.factories.members import make_authenticator, make_staff

call_command("collectstatic", verbosity=0, interactive=False)
member = make_staff()
password_set(actor=None, member=member, login_name="shili", password="Zhuyi-Anquan-2026")
factor = make_authenticator(member)
at = {"secure": True, "HTTP_HOST": "portal.example.org"}
client = Client()
page = client.get("/sign-in/staff/", **at)
answers = [page.status_code, client.get("/sign-in/staff/", HTTP_HOST="portal.example.org").status_code]
answers.append(client.get("/sign-in/", secure=True, HTTP_HOST="evil.example").status_code)
client.post("/sign-in/staff/", {"login_name": "shili", "password": "Zhuyi-Anquan-2026"}, **at)
code = pyotp.TOTP(factor.secret).at(int(timezone.now().timestamp()))
answer = client.post("/sign-in/authenticator/", {"code": code}, **at)
client.post("/theme/", {"theme": "dark"}, **at)
answers.append(client.get("/me/", **at).status_code)
cookies = {
    name: {key: bool(morsel[key]) if key in ("secure", "httponly") else morsel[key]
           for key in ("secure", "httponly", "samesite", "path", "domain")}
    for name, morsel in client.cookies.items()
}
print(json.dumps({"answers": answers, "cookies": cookies, "hsts": page["Strict-Transport-Security"]}))
"""


def test_cookies_of_production(fresh_database):
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "portal.settings.production",
        "ALLOWED_HOSTS": "portal.example.org",
        "PORTAL_SITE_URL": "https://portal.example.org",
        "SECRET_KEY": "for-this-test-alone-a-long-line-of-Fifty-or-more-characters-0123456789",
    }
    result = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=ROOT, env=env, capture_output=True, text=True, check=False, timeout=120
    )
    assert result.returncode == 0, result.stderr[-3000:]
    found = json.loads(result.stdout.splitlines()[-1])
    # A page, a redirect to https, an unknown host, and a page again: the person is signed in.
    assert found["answers"] == [200, 301, 400, 200]
    strict = {"secure": True, "httponly": True, "samesite": "Lax", "path": "/", "domain": ""}
    assert found["cookies"] == {"__Host-session": strict, "__Host-csrf": strict, "theme": strict}
    assert found["hsts"] == "max-age=31536000; includeSubDomains; preload"
