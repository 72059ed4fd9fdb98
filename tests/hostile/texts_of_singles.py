"""The text fields of singles, matchmakers, couples, media and callers.

Each is filled with markup by the people who may fill it.
"""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from matchmaking.models import (
    AbuseReport,
    EventDemand,
    GroupWedding,
    HotlineTicket,
    Introduction,
    MediaRelease,
    MeetingFeedback,
    Nomination,
    ProfileAppeal,
    Volunteer,
    WeddingCouple,
)
from portal.core.choices import Sex
from portal.organizations.choices import OrganizationKind
from tests.factories.matchmaking_matchmakers import make_case, make_volunteer
from tests.factories.matchmaking_pairs import make_known, make_pair
from tests.factories.matchmaking_singles import make_profile
from tests.factories.organizations import make_organization, make_unit


def url(name, *args):
    return reverse(f"matchmaking:{name}", args=args)


class Singles:
    """Two singles who find each other, one who is refused, and their matchmaker.

    All are in the city of a scene. Each method puts markup into the fields of one subject and returns (who, path, texts
    the page must show). A text names its field, so that one that is not shown is noticed; in a short field the text is
    cut.
    """

    def __init__(self, scene):
        self.scene = scene
        city = scene.city
        self.county = make_organization(city, OrganizationKind.COUNTY)
        self.her, self.him = make_known(make_unit(city)), make_known(make_unit(city), Sex.MALE)
        self.hers, self.his = make_profile(self.her), make_profile(self.him)
        self.refused = make_profile(scene.member, state="draft")
        self.case = make_case(make_volunteer(city, scene.colleague), self.hers)

    def round(self, words, event):
        steps = (self.profile, self.refusal, self.report, self.care, self.introduction, self.demands, self.publicity,
                 self.calls, self.helping, self.wedding)  # fmt: skip
        return [look for step in steps for look in step(words)] + self.follow_up(words, event)

    def send(self, who, name, *args, query="", **fields):
        return self.scene.send(who, f"matchmaking:{name}", *args, query=query, **fields)

    def fresh(self, row):
        """Return a row as it is now in the database."""
        with self.scene.stack.orm():
            return type(row)._default_manager.get(pk=row.pk)

    def last(self, model):
        with self.scene.stack.orm():
            return model._default_manager.order_by("-pk").first()

    def profile(self, words):
        nickname, occupation = words[:20], words[:30]
        about, hopes = f"{words} about", f"{words} hopes"
        told = self.send(
            "her", "single-about", nickname=nickname, about=about, occupation=occupation, region=self.hers.region_id,
            version=self.fresh(self.hers).version,
        )  # fmt: skip
        wished = self.send("her", "single-wishes", hopes=hopes, version=self.fresh(self.hers).version)
        if not (told and wished):
            return []
        return [
            ("him", url("single-detail", self.hers.pk), nickname, about, hopes, occupation),
            ("him", url("single-list"), nickname, about),
            ("her", url("single-home"), nickname, about, hopes, occupation),
            ("her", url("single-about"), about),
            ("colleague", url("case-detail", self.case.pk), nickname, occupation),
            ("colleague", url("caseload-list"), nickname),
        ]

    def refusal(self, words):
        reason, why, answer = f"{words} reason", f"{words} appeal", f"{words} answer"
        single, pk = self.scene.member, self.refused.pk
        self.send("single", "single-check", vetted_by="unit", single="on", found="on", signature=single.name)
        self.send("chair", "vetting-refuse", pk, reason=reason)
        self.send("single", "single-appeal", words=why)
        appeal = self.last(ProfileAppeal)
        self.send("colleague", "appeal-decide", appeal.pk, upheld="no", answer=answer)
        return [
            ("single", url("single-home"), reason, answer),
            ("chair", url("appeal-detail", appeal.pk), reason, why, answer),
        ]

    def report(self, words):
        said, answer = f"{words} report", f"{words} answer"
        self.send("him", "single-report-about", "single", self.hers.pk, kind="money", words=said)
        pk = self.last(AbuseReport).pk
        self.send("chair", "report-take", pk)
        self.send("chair", "report-settle", pk, settled_as="unfounded", answer=answer)
        return [
            ("chair", url("report-detail", pk), said, answer),
            ("him", url("single-reports"), said, answer),
        ]

    def care(self, words):
        step, note = f"{words} step", f"{words} note"
        case = self.fresh(self.case)
        self.send(
            "colleague", "case-update", case.pk, next_action=step, block="none", version=case.version,
            next_due=(timezone.localdate() + timedelta(days=3)).isoformat(),
        )  # fmt: skip
        at = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
        self.send("colleague", "case-contact", case.pk, kind="call", at=at, words=note)
        return [("colleague", url("case-detail", case.pk), step, note)]

    def introduction(self, words):
        with self.scene.stack.orm():
            # Two people are not introduced to each other twice within half a year.
            MeetingFeedback.objects.all().delete()
            Introduction.objects.all().delete()
        why, told = f"{words} why", f"{words} told"
        if not self.send("colleague", "case-introduce", self.case.pk, self.his.pk, words=why):
            return []
        pk = self.last(Introduction).pk
        for who in ("her", "him"):
            self.send(who, "introduction-detail", pk, answer="yes")
        with self.scene.stack.orm():
            Introduction.objects.filter(pk=pk).update(meets_at=timezone.now() - timedelta(minutes=1))
        self.send("her", "introduction-feedback", pk, impression="friends", words=told)
        return [
            # The two do not see the reason, which would tell a proposal from a request.
            ("colleague", url("introduction-guide", pk), why, told),
        ]

    def demands(self, words):
        wish, answer, unit = f"{words} wish", f"{words} answer", f"{words} unit"
        self.send("her", "demand-mine", wish=wish)
        hers = self.last(EventDemand).pk
        self.send("chair", "demand-decline", hers, answer=answer)
        self.send("cadre", "demand-create", organization=self.scene.city.pk, wish=unit, people=10)
        return [
            ("her", url("demand-mine"), wish, answer),
            ("chair", url("demand-detail", hers), wish, answer),
            ("chair", url("demand-list") + "?sort=-created_at", wish, unit),
            ("chair", url("demand-merge") + f"?pk={self.last(EventDemand).pk}", unit),
        ]

    def publicity(self, words):
        programme, purpose = f"{words} programme", f"{words} purpose"
        title, outlet = f"{words} title", f"{words} outlet"
        city = self.scene.city.pk
        self.send(
            "cadre", "nomination-create", organization=city, phone=self.her.phone, medium="radio",
            programme=programme, purpose=purpose,
        )  # fmt: skip
        pk = self.last(Nomination).pk
        self.send("her", "nomination-answer", pk, answer="yes")
        release = {
            "organization": city,
            "title": title,
            "outlet": outlet,
            "medium": "newspaper",
            "published_on": timezone.localdate().isoformat(),
        }
        self.send("cadre", "release-create", **release, url=words)
        self.send("cadre", "release-create", **release)
        return [
            ("her", url("nomination-answer", pk), programme, purpose),
            ("her", url("nomination-own"), programme),
            ("chair", url("nomination-detail", pk), programme, purpose),
            ("chair", url("release-update", self.last(MediaRelease).pk), title, outlet),
        ]

    def calls(self, words):
        subject, said, caller, phone = f"{words} subject", f"{words} asked", f"{words} caller", words[:20]
        passed, answer, again = f"{words} passed", f"{words} answer", f"{words} again"
        self.send(
            "cadre", "ticket-create", kind="other", subject=subject, words=said, caller=caller, caller_phone=phone,
            organization=self.scene.city.pk,
        )  # fmt: skip
        pk = self.last(HotlineTicket).pk
        self.send("cadre", "ticket-transfer", pk, organization=self.county.pk, reason=passed)
        self.send("cadre", "ticket-answer", pk, answer=answer)
        self.send("cadre", "ticket-reopen", pk, reason=again)
        return [
            ("cadre", url("ticket-detail", pk), subject, said, caller, phone, passed, answer, again),
            ("cadre", url("ticket-print", pk), subject, said, caller, phone, answer),
            ("chair", url("ticket-detail", pk), subject, said, answer),
        ]

    def helping(self, words):
        motive = f"{words} motive"
        self.send("single", "helping-stop")
        self.send("single", "helping-apply", motive=motive)
        with self.scene.stack.orm():
            pk = Volunteer.objects.get(member=self.scene.member).pk
        return [("chair", url("volunteer-detail", pk), motive)]

    def wedding(self, words):
        title, place, summary, reason = f"{words} wedding", f"{words} place", f"{words} summary", f"{words} reason"
        now = timezone.localtime()
        self.send(
            "cadre", "wedding-create", organization=self.scene.city.pk, title=title, summary=summary, place=place,
            on=(now + timedelta(days=40)).date().isoformat(), couples_most=2,
            closes_at=(now + timedelta(days=20)).strftime("%Y-%m-%dT%H:%M"),
        )  # fmt: skip
        pk = self.last(GroupWedding).pk
        self.send("cadre", "wedding-open", pk)
        self.send("her", "ceremony-ask", pk, phone=self.him.phone, agree="on")
        couple = self.last(WeddingCouple).pk
        self.send("him", "couple-confirm", couple, answer="yes", agree="on")
        self.send("cadre", "couple-decline", couple, reason=reason)
        return [
            ("her", url("ceremony-detail", pk), title, summary, place, reason),
            ("him", url("ceremony-list"), title, place),
            ("chair", url("wedding-detail", pk), title, summary, place),
            ("chair", url("couple-detail", couple), reason),
        ]

    def follow_up(self, words, event):
        note = f"{words} note"
        with self.scene.stack.orm():
            pk = make_pair(event).follow_ups.order_by("pk").first().pk
        self.send("cadre", "follow-up-record", pk, result="reached", words=note)
        return [("chair", url("follow-up-detail", pk), note)]
