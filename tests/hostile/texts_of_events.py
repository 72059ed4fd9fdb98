"""The text fields of everything around an event.

They are those of series, themes, venues, hobbies, partners, costs, letters, refusals.
"""

from django.urls import reverse
from django.utils import timezone

from matchmaking.choices.events import Pool
from matchmaking.models import EventSeries, EventTheme, HobbyTag, Participation, Venue
from tests.factories.matchmaking import LINE, make_event, make_single
from tests.factories.matchmaking_library import make_region
from tests.factories.members import identity_number, make_staff, phone_number
from tests.factories.organizations import make_province
from tests.hostile.texts_of_singles import url


class Surroundings:
    """An event's series, theme and venue, its helpers and the messages to its people.

    All are in the city of a scene. Each method puts markup into the fields of one subject and returns (who, path, texts
    the page must show), or nothing where a name without its special characters is already taken.
    """

    def __init__(self, scene):
        self.scene = scene
        self.keeper = make_staff(make_province())  # themes are the same for all
        # Another person than the one whose profile is rejected meanwhile: the clock ends that one's sign-ups.
        self.reader = make_single(scene.unit, phone=phone_number(905), identity_number=identity_number(905))
        self.region = make_region()
        self.last_theme = EventTheme.objects.order_by("-pk").values_list("pk", flat=True).first() or 0

    def round(self, words, event):
        return [
            *self.series(words),
            *self.theme(words),
            *self.venue(words),
            *self.hobby(words),
            *self.partner(words, event),
            *self.cost(words, event),
            *self.letter(words, event),
            *self.change_and_refusal(words),
        ]

    def send(self, who, name, /, *args, **fields):
        return self.scene.send(who, f"matchmaking:{name}", *args, **fields)

    def last(self, model):
        with self.scene.stack.orm():
            return model._default_manager.order_by("-pk").first()

    def series(self, words):
        name, summary = f"{words[:38]} s", f"{words} series"
        made = self.send(
            "cadre", "series-create", organization=self.scene.city.pk, name=name, summary=summary, active="on"
        )
        if not made:
            return []
        pk = self.last(EventSeries).pk
        return [
            ("chair", url("series-detail", pk), name, summary),
            ("cadre", url("series-update", pk), name, summary),
            ("cadre", url("event-create"), name),
        ]

    def theme(self, words):
        name, summary = f"{words[:28]} t", f"{words} theme"
        with self.scene.stack.orm():
            EventTheme.objects.filter(pk__gt=self.last_theme).delete()  # else the newest are on page two
        self.send("keeper", "theme-create", name=name, summary=summary, mode="offline", order=5, active="on")
        return [("keeper", url("theme-list"), name), ("her", url("demand-mine"), name)]

    def venue(self, words):
        name, address, notes = f"{words} v"[:60], f"{words} address", f"{words} venue"
        made = self.send(
            "cadre", "venue-create", organization=self.scene.city.pk, name=name, kind="park", region=self.region.pk,
            address=address, capacity=20, desk_phone="", notes=notes, active="on",
        )  # fmt: skip
        if not made:
            return []
        pk = self.last(Venue).pk
        return [
            ("chair", url("venue-detail", pk), name, address, notes),
            ("cadre", url("venue-update", pk), name, address, notes),
        ]

    def hobby(self, words):
        name = words[:20]
        with self.scene.stack.orm():
            HobbyTag.objects.all().delete()
        self.scene.at["system_administrator"].post(
            "/admin/matchmaking/hobbytag/add/", {"name": name, "order": "1", "active": "on"}
        )
        return [
            ("system_administrator", "/admin/matchmaking/hobbytag/", name),
            ("her", url("single-hobbies"), name),
        ]

    def partner(self, words, event):
        name, gives = f"{words} p"[:60], f"{words} gives"
        self.send("chair", "event-partners", event.pk, kind="media", name=name, contribution=gives)
        return [("chair", url("event-partners", event.pk), name, gives)]

    def cost(self, words, event):
        note = f"{words} cost"
        self.send("chair", "event-costs", event.pk, kind="other", planned="10", spent="", note=note)
        return [("chair", url("event-costs", event.pk), note)]

    def letter(self, words, event):
        title, text = f"{words} l"[:60], f"{words} letter"
        with self.scene.stack.orm():
            member = self.reader
            if not event.signups.filter(member=member).exists():
                Participation.objects.create(
                    offering=event, member=member, pool=Pool.WOMEN, place=9, state="confirmed", age=30, line=LINE
                )
        self.send("chair", "event-letters", event.pk, to="everyone", title=title, words=text, send="1")
        return [
            ("chair", url("event-letters", event.pk), title, text),
            ("reader", url("meet-detail", event.slug), title, text),
        ]

    def change_and_refusal(self, words):
        """Change a reviewed event and decline a person; both texts are shown to their readers."""
        place, purpose, reason = f"{words} place", f"{words} purpose", f"{words} declined"
        with self.scene.stack.orm():
            event = make_event(self.scene.city, needs_review=True, created_by=self.scene.colleague)
        self.send("him", "meet-join", event.slug, line=LINE, agree="on")
        row = self.last(Participation)
        times = ("starts_at", "ends_at", "signup_closes_at", "choice_opens_at", "choice_closes_at")
        fields = {name: timezone.localtime(getattr(event, name)).strftime("%Y-%m-%dT%H:%M") for name in times}
        with self.scene.stack.orm():
            version = type(event).objects.get(pk=event.pk).version
        self.send("chair", "event-change", event.pk, place=place, purpose_note=purpose, version=version, **fields)
        self.send("chair", "participation-decline", row.pk, reason=reason)
        return [
            ("chair", url("event-detail", event.pk), place),
            ("him", reverse("messaging:inbox"), reason),
        ]
