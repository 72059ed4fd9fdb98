"""Markup that would run if a page did not escape it.

It is sent through every form, and the pages are then opened in Chromium.
"""

import csv
import io
import re
from datetime import timedelta
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from portal.core.roles import Role
from portal.members.models import Child, DataRequest, Member
from portal.notices.models import Notice
from portal.organizations.models import Employer, Organization
from tests.factories.matchmaking import make_event, make_single
from tests.factories.members import identity_number, make_staff, make_vouching, phone_number
from tests.factories.organizations import make_organization, make_province, make_unit
from tests.hostile.texts_of_events import Surroundings
from tests.hostile.texts_of_singles import Singles
from tests.hostile.visitor import Visitor

TOKEN = "c" * 32
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
# Each fits into the shortest of the long fields, 60 characters.
PAYLOADS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg/onload=alert`1`>",
    '"><script>alert(1)</script>',
    "'><img src=x onerror=alert(1)>",
    '" onmouseover=alert(1) x="',
    '" autofocus onfocus=alert(1) x="',
    "' onfocus=alert(1) autofocus='",
    "</title><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "<iframe src=javascript:alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<a href=javascript:alert(1)>x</a>",
    "<details open ontoggle=alert(1)>x",
    "<body onload=alert(1)>",
    "<video><source onerror=alert(1)>",
    "<input autofocus onfocus=alert(1)>",
    "<object data=javascript:alert(1)>",
    "<math href=javascript:alert(1)>x</math>",
    "<style>@import'//example.org/x'</style>",
    "<base href=//example.org/>x",
    "<form action=//example.org><button>x</form>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<div hx-get=/healthz hx-trigger=load>x</div>",
    "<div hx-on:load=alert(1) data-hx-on=x>x</div>",
    "{{ 7|add:7 }}{% debug %}<b>x</b>",
    "javascript:alert(1)//<b>x</b>",
    "&lt;img src=x onerror=alert(1)&gt;<u>x</u>",
    "\u202e<script>alert(1)</script>\u202c",
    "<img src=//example.org/x.png>",
)
# Elements and attributes that the portal's own pages never have, but markup that was not escaped has.
PLANTED = (
    "[onerror], [onload], [onfocus], [ontoggle], [onmouseover], [onclick], iframe, object, base, video, math, "
    "[href^='javascript:'], [action*='example.org'], [src*='example.org'], [hx-get='/healthz'], [data-hx-on], "
    "main style, main script:not([src]):not([type])"
)


class Scene:
    """A city with its people on a running stack, and the results of one round of forms."""

    def __init__(self, stack):
        self.stack = stack
        with stack.orm():
            root = make_province()
            self.city = make_organization(name="示例甲市总工会")
            self.unit = make_unit(self.city, name="示例甲厂工会")
            cadre, chair = make_staff(self.city, role=Role.CADRE), make_staff(self.city, phone=phone_number(2))
            self.colleague = make_staff(self.city)
            people = {"cadre": cadre, "chair": chair}
            people |= {role.value: make_staff(root, role) for role in Role if role.value.endswith("administrator")}
            self.member = make_single(self.unit, phone=phone_number(3), identity_number=identity_number(3))
            self.singles = Singles(self)
            guest = make_single(self.unit, phone=phone_number(4), identity_number=identity_number(4))
            people |= {"single": self.member, "guest": guest, "her": self.singles.her, "him": self.singles.him}
            people["colleague"] = self.colleague
            self.events = Surroundings(self)
            people |= {"keeper": self.events.keeper, "reader": self.events.reader}
            self.at = {name: Visitor(stack, member) for name, member in people.items()}
        self.at["visitor"] = Visitor(stack)
        for visitor in self.at.values():
            visitor.cookies["csrftoken"] = TOKEN
        self.refused = []

    def send(self, who, name, /, *args, query="", **fields):
        """Send the form of an address and note it if it is refused."""
        path = reverse(name, args=args) + query
        body = urlencode({"csrfmiddlewaretoken": TOKEN, **fields})
        status, _text, headers = self.at[who].ask("POST", path, body, FORM)
        if status not in (200, 302):
            self.refused.append((name, status, str(fields)[:300]))
        return headers.get("Location", "") or status == 200

    def round(self, number, words):
        """Put ``words`` into every text field.

        Returns (who, path of a page, texts it must show); without texts the page must show ``words``.
        """
        stack, city, unit = self.stack, self.city, self.unit
        today = timezone.localdate()
        created = self.send(
            "cadre", "organizations:organization-create", name=words, short_name=words[:30], parent=city.pk,
            kind="grassroots", employment_form="standard",
        )  # fmt: skip
        self.send("cadre", "organizations:employer-create", name=words, organization=city.pk)
        self.send(
            "cadre", "organizations:committee-record", unit.pk, kind="committee",
            term_from=(today - timedelta(days=len(PAYLOADS) - number)).isoformat(), term_years=5, chair_post=words,
        )  # fmt: skip
        serial = 100 + number
        self.send(
            "cadre", "members:member-create", organization=unit.pk, name=words, sex="female",
            identity_number=identity_number(serial), phone=phone_number(serial), marital_status="single",
        )  # fmt: skip
        for answer in ("return", "publish"):
            notice = self.send(
                "cadre", "notices:notice-create", organization=city.pk, audience="public",
                title=f"{words} {answer}"[:100], body=f"{words}\n\n{words}",
            )  # fmt: skip
            pk = notice.strip("/").rpartition("/")[2]
            self.send("cadre", "notices:notice-submit", pk)
            item = f"?item={reverse('notices:notice-detail', args=[pk])}"
            to = {"to": self.colleague.pk, "note": words}
            self.send("chair", "messaging:todo-delegation-create", query=item, **to)
            if answer == "return":
                self.send("chair", "notices:notice-return", pk, reason=words)
            else:
                self.send("chair", "notices:notice-approve", pk)
                self.send("cadre", "notices:notice-publish", pk)
        now = timezone.localtime()
        days = {"starts_at": 6, "ends_at": 7, "signup_opens_at": 0, "signup_closes_at": 3}
        days |= {"choice_opens_at": 4, "choice_closes_at": 5}
        times = {name: (now + timedelta(days=day)).strftime("%Y-%m-%dT%H:%M") for name, day in days.items()}
        event = self.send(
            "cadre", "matchmaking:event-create", organization=city.pk, title=words, summary=words, place=words,
            mode="online", target_group="everyone", table_minutes=8, men_quota=2, women_quota=2, choices_per_person=3,
            age_from=20, age_to=60, **times,
        )  # fmt: skip
        event_pk = event.strip("/").rpartition("/")[2]
        self.send("cadre", "matchmaking:event-submit", event_pk)
        self.send("chair", "matchmaking:event-return", event_pk, reason=words)
        with stack.orm():
            open_event = make_event(city, title=words, summary=words, place=words, created_by=self.colleague)
            make_vouching(unit, name=words, serial=200 + number)
            cancelled = make_event(city, title=words, created_by=self.colleague)
        joined = self.send("guest", "matchmaking:meet-join", open_event.slug, line=words, agree="on", photo="")
        self.send("chair", "matchmaking:event-cancel", cancelled.pk, reason=words)
        asked = self.send("single", "members:request-create", "correct" if number % 2 else "delete", words=words)
        with stack.orm():
            request = DataRequest.objects.order_by("-pk").first()
        # A completed deletion would erase the person whose pages are opened afterwards.
        outcome = "done" if number % 2 else "refused"
        self.send("chair", "members:request-settle", request.pk, outcome=outcome, answer=words)
        looked = self.send("chair", "members:member-reveal", self.member.pk, "phone", reason="law", note=words)
        export = self.send("chair", "exchange:export-run-start", format="xlsx", reason=words, query="?list=/members/")
        lines = io.StringIO()
        csv.writer(lines).writerows(
            [["unit", "name", "sex", "identity_number", "phone"], [words, words, words, words, words]]
        )
        _status, _text, headers = self.at["cadre"].upload(
            "/exchange/members.roster/", {"organization": city.pk}, words.replace('"', "'") + ".csv",
            lines.getvalue().encode(),
        )  # fmt: skip
        run = headers.get("Location", "")
        parameter = {"key": words, "value": "1", "unit": words[:20], "valid_from": "2026-01-01", "source": words}
        self.at["system_administrator"].post("/admin/organizations/legalparameter/add/", parameter)
        day = {
            "day": (today + timedelta(days=number)).isoformat(),
            "kind": "holiday",
            "name": words[:40],
            "source": words,
        }
        self.at["system_administrator"].post("/admin/organizations/calendarday/add/", day)
        for path in (f"/{words}/", f"/members/?unit={words}&find={words}", f"/sign-in/?next={words}"):
            self.at["visitor"].get(
                path.translate(
                    {ord(mark): f"%{ord(mark):02X}" for mark in " <>\"'`{}|%\u202e\u202c" if ord(mark) < 128}
                )
                .encode("ascii", "ignore")
                .decode()
            )
        with stack.orm():
            Child.objects.all().delete()
        self.send(
            "single",
            "members:child-create",
            name=words,
            sex="male",
            born_on="2020-05-04",
            relation="mother",
            agree="on",
        )
        with stack.orm():
            child = Child.objects.get()
        self.send("single", "members:child-care", child.pk, care_notes=words, version=1, agree="on")
        with stack.orm():
            made = Organization.objects.filter(parent=city).order_by("-pk").first()
            employer = Employer.objects.order_by("-pk").first()
            person = Member.objects.filter(organization=unit).order_by("-pk").first()
            published = Notice.objects.order_by("-pk").first()
            returned = Notice.objects.exclude(return_reason="").order_by("-pk").first()
        return [
            *([("chair", made.get_absolute_url())] if created else []),
            ("chair", employer.get_absolute_url()),
            ("chair", person.get_absolute_url()),
            ("cadre", reverse("members:member-update", args=[person.pk])),
            ("cadre", reverse("notices:notice-detail", args=[returned.pk])),
            ("visitor", reverse("notices:posted-detail", args=[published.pk])),
            ("cadre", reverse("matchmaking:event-detail", args=[event_pk])),
            ("visitor", reverse("matchmaking:meet-detail", args=[open_event.slug])),
            *([("guest", reverse("matchmaking:meet-joined", args=[open_event.slug]))] if joined else []),
            ("single", reverse("members:child-care", args=[child.pk])),
            ("single", reverse("members:child-list")),
            ("cadre", run),
            # Requests, views of hidden fields and exports are limited by the hour, and a long drill reaches the limits.
            *([("single", reverse("members:request-detail", args=[request.pk]))] if asked else []),
            *([("chair", reverse("members:member-detail", args=[self.member.pk]))] if looked else []),
            *([("chair", export)] if export else []),
            *self.singles.round(words, open_event),
            *self.events.round(words, open_event),
        ]


def everyones_pages():
    """Return pairs of (who, path): lists and first pages of every role, including the admin."""
    desk = [
        "/", "/members/", "/members/requests/", "/organizations/", "/organizations/tree/", "/organizations/employers/",
        "/notices/", "/notices/desk/", "/matchmaking/events/", "/messages/", "/exchange/", "/exchange/runs/",
        "/exchange/out/", "/duties/", "/vouchings/", "/me/", "/messages/given-up/",
    ]  # fmt: skip
    matchmaking = (
        "appeals", "caseload", "demands", "follow-ups", "nominations", "partners", "profiles", "releases", "reports",
        "series", "tickets", "venues", "volunteers", "weddings",
    )  # fmt: skip
    member = ["/", "/me/", "/me/readers/", "/messages/", "/matchmaking/meet/", "/notices/"]
    single = ["/", "/me/", "/messages/", "/matchmaking/introductions/", "/matchmaking/singles/suggestions/"]
    admin = ["/", "/admin/", "/messages/", "/audit/"] + [
        f"/admin/{page}/"
        for page in (
            "organizations/organization", "organizations/legalparameter", "organizations/calendarday",
            "members/member", "members/duty", "matchmaking/hobbytag", "matchmaking/eventtheme",
            "messaging/message", "audit/auditentry",
        )
    ]  # fmt: skip
    found = [(who, path) for who in ("chair", "cadre") for path in desk]
    found += [("colleague", f"/matchmaking/{page}/") for page in matchmaking]
    found += [(who, path) for who in ("her", "him") for path in single]
    found += [("single", path) for path in member] + [
        ("visitor", path) for path in ("/", "/notices/", "/sign-in/unit/")
    ]
    return found + [(role.value, path) for role in Role if role.value.endswith("administrator") for path in admin]


class Looker:
    """The pages of one person in Chromium.

    ``fired`` are dialogs, ``planted`` is markup that became elements, ``away`` are pages that redirected to the
    sign-in.
    """

    def __init__(self, page, visitor, url):
        self.page, self.url = page, url
        self.fired, self.planted, self.away, self.seen = [], [], [], 0
        page.context.add_cookies(
            [
                {"name": name, "value": value, "url": url, "httpOnly": True}
                for name, value in visitor.cookies.items()
                if value
            ]
        )
        page.on("dialog", self._dialog)

    def _dialog(self, dialog):
        self.fired.append((self.page.url, dialog.message))
        dialog.dismiss()

    def look(self, path):
        """Open a page and return all the text it shows, including the values of fields."""
        answer = self.page.goto(self.url + path, wait_until="domcontentloaded")
        if "/sign-in/" in self.page.url and not path.startswith("/sign-in/"):
            self.away.append(path)
        self.seen += answer.status < 400
        found = self.page.evaluate("css => [...document.querySelectorAll(css)].map(one => one.outerHTML)", PLANTED)
        self.planted += [(path, markup[:200]) for markup in found]
        return self.page.evaluate(
            "() => document.body.innerText + [...document.querySelectorAll('input, textarea')].map(f => f.value)"
        )

    def misses(self, path, texts):
        """Open a page and return (path, text) for each of ``texts`` that it does not show."""
        shown = plain(self.look(path))
        return [(path, text) for text in texts if plain(text) not in shown]


def plain(text):
    """Return text as a page shows it.

    White space becomes one blank; the marks that change the direction of text, which are not stored, are removed.
    """
    return " ".join(re.sub("[\u202a-\u202e]", " ", text).split())
