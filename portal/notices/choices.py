from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.core.second_person import not_the_proposer
from portal.core.steps import Step


class NoticeState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Waiting for approval")
    RETURNED = "returned", _("Returned")
    APPROVED = "approved", _("Approved")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Taken down")
    EXPIRED = "expired", _("Expired")


class Audience(models.TextChoices):
    """Readers of a notice; each audience includes the ones before it."""

    STAFF = "staff", _("Staff")
    MEMBERS = "members", _("Members")
    PUBLIC = "public", _("Everybody")


NOTICE_TRANSITIONS = {
    NoticeState.DRAFT: {NoticeState.SUBMITTED: Step(), NoticeState.WITHDRAWN: Step()},
    NoticeState.SUBMITTED: {
        NoticeState.APPROVED: Step(allowed=not_the_proposer),
        NoticeState.RETURNED: Step(allowed=not_the_proposer),
    },
    NoticeState.RETURNED: {NoticeState.SUBMITTED: Step(), NoticeState.WITHDRAWN: Step()},
    NoticeState.APPROVED: {NoticeState.PUBLISHED: Step(time=True), NoticeState.WITHDRAWN: Step()},
    NoticeState.PUBLISHED: {
        NoticeState.WITHDRAWN: Step(),
        NoticeState.EXPIRED: Step(person=False, time=True),
    },
    NoticeState.WITHDRAWN: {},
    NoticeState.EXPIRED: {},
}

EDITABLE = (NoticeState.DRAFT, NoticeState.RETURNED)
ONCE_PUBLISHED = (NoticeState.PUBLISHED, NoticeState.WITHDRAWN, NoticeState.EXPIRED)
