"""Notices on the staff desk, for the staff who write and approve them."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.audit.gate import can_step
from portal.audit.selectors import history
from portal.core.choices import Area, Level
from portal.core.steps import place_in
from portal.members.selectors import second_persons
from portal.notices import forms, rules, selectors, services
from portal.notices.choices import EDITABLE, ONCE_PUBLISHED, Audience, NoticeState
from portal.notices.filters import NoticeFilter
from portal.notices.models import Notice, NoticeFile
from portal.notices.tables import NoticeTable
from portal.web.forms import ReasonForm
from portal.web.second_person import ApproveView, PublishView, ReturnView, SubmitView
from portal.web.views import ActionView, CapabilityMixin, CreateView, DetailView, ListView, UpdateView

STEPS = (
    NoticeState.DRAFT,
    NoticeState.SUBMITTED,
    NoticeState.APPROVED,
    NoticeState.PUBLISHED,
    NoticeState.EXPIRED,
)
HISTORY_WORDS = {"attach": _("File attached"), "remove": _("Attachment removed")}
FIELDS = ("target", "audience", "levels", "title", "body", "publish_from", "publish_until", "version")


class NoticeListView(CapabilityMixin, ListView):
    model = Notice
    area = Area.NOTICES
    table_class = NoticeTable
    filterset_class = NoticeFilter
    title = _("Write and approve notices")
    create_url_name = "notices:notice-create"
    create_label = _("Write a notice")
    empty_title = _("No notices here yet")
    empty_text = _("Write a notice, choose its readers, and have a second person approve it.")


class NoticeCreateView(CreateView):
    model = Notice
    area = Area.NOTICES
    form_class = forms.NoticeForm
    title = _("Write a notice")
    submit_label = _("Save the draft")
    success_message = _("The draft is saved. Add attachments, then submit it: a second person must approve it.")

    service = services.notice_create

    def get_initial(self):
        return {"audience": Audience.STAFF}


class NoticeUpdateView(UpdateView):
    model = Notice
    form_class = forms.NoticeUpdateForm
    rule = rules.can_change_notice
    title = _("Edit the notice")
    submit_label = _("Save changes")
    success_message = _("The changes are saved.")

    row_name = "notice"
    service = services.notice_update

    def get_initial(self):
        return {name: getattr(self.object, name) for name in FIELDS}


class NoticeDetailView(DetailView):
    """A notice: its state, the next step, its readers and its receipts."""

    model = Notice
    template_name = "notices/notice_detail.html"

    def get_title(self):
        return self.object.title

    def get_context_data(self, **kwargs):
        notice, actor = self.object, self.request.user
        edits = rules.can_edit_notice(actor, notice)
        primary, menu = self.actions(notice, actor, edits)
        posted = notice.state in ONCE_PUBLISHED and notice.published_at is not None
        rows = selectors.receipts(notice) if posted else []
        return super().get_context_data(
            steps=self.step_line(notice),
            primary=primary,
            menu=menu,
            facts=self.facts(notice),
            files=notice.files.select_related("file"),
            may_change=edits and notice.state in EDITABLE,
            receipts=rows,
            totals={name: sum(getattr(row, name) for row in rows) for name in ("staff", "staff_read", "read")},
            posted=posted,
            waiting_for=self.waiting_for(notice),
            entries=history(notice, HISTORY_WORDS),
            **kwargs,
        )

    @staticmethod
    def facts(notice):
        levels = " · ".join(str(Level(level).label) for level in sorted(notice.levels))
        facts = [
            {"label": _("Issued by"), "value": notice.organization.name},
            {"label": _("Addressed to"), "value": notice.target.name, "quiet": _("and all below it")},
            {"label": _("Levels"), "value": levels or _("all levels")},
            {"label": _("Readers"), "value": notice.get_audience_display()},
            {"label": _("Publish from"), "value": notice.publish_from},
            {"label": _("Publish until"), "value": notice.publish_until},
            {"label": _("Published at"), "value": notice.published_at},
        ]
        return [fact for fact in facts if fact["value"]]

    @staticmethod
    def step_line(notice):
        if notice.state in (NoticeState.WITHDRAWN, NoticeState.RETURNED):
            stopped = {"label": notice.get_state_display(), "state": "stopped", "note": notice.return_reason}
            return [{"label": NoticeState.DRAFT.label, "state": "done"}, stopped]
        now = place_in(STEPS, notice.state)
        times = {
            NoticeState.SUBMITTED: notice.submitted_at,
            NoticeState.PUBLISHED: notice.published_at or notice.publish_from,
            NoticeState.EXPIRED: notice.publish_until,
        }
        return [
            {
                "label": state.label,
                "state": "done" if index < now else "current" if index == now else "next",
                "at": times.get(state),
            }
            for index, state in enumerate(STEPS)
        ]

    @staticmethod
    def waiting_for(notice):
        """Return the members who may approve a submitted notice, the nearest level first."""
        if notice.state != NoticeState.SUBMITTED:
            return []
        return second_persons(notice, Area.NOTICES)[:5]

    @staticmethod
    def actions(notice, actor, edits):
        """Return the primary action and the menu of the steps that ``actor`` may take now."""

        def step(name, label, icon, danger=False):
            url = reverse(f"notices:notice-{name}", args=[notice.pk])
            return {"url": url, "label": label, "icon": icon, "danger": danger}

        steps = []
        if edits and notice.state in EDITABLE:
            steps += [
                step("submit", _("Submit for approval"), "send"),
                step("update", _("Edit"), "edit"),
                step("attach", _("Attach a file"), "file-text"),
            ]
        if notice.state == NoticeState.SUBMITTED and rules.can_approve_notice(actor, notice):
            steps += [
                step("approve", _("Approve"), "check"),
                step("return", _("Return with a reason"), "arrow-back-up"),
            ]
        if edits and can_step(notice, NoticeState.PUBLISHED, actor):
            steps.append(step("publish", _("Publish now"), "speakerphone"))
        if rules.can_withdraw_notice(actor, notice) and can_step(notice, NoticeState.WITHDRAWN, actor):
            steps.append(step("withdraw", _("Withdraw"), "x", danger=True))
        primary = steps[0] if steps and not steps[0]["danger"] else None
        return primary, steps[1:] if primary else steps


class NoticeStep:
    model = Notice
    row_name = "notice"
    rule = rules.can_edit_notice


class NoticeSubmitView(NoticeStep, SubmitView):
    service = services.notice_submit


class NoticeApproveView(NoticeStep, ApproveView):
    rule = rules.can_approve_notice
    service = services.notice_approve
    title = _("Approve the notice")
    consequence = _(
        "As the second person you confirm the text, the attachments and the readers. Then the notice can be published."
    )
    success_message = _("The notice is approved.")


class NoticeReturnView(NoticeStep, ReturnView):
    rule = rules.can_approve_notice
    service = services.notice_return
    title = _("Return the notice")
    success_message = _("The notice is returned.")


class NoticePublishView(NoticeStep, PublishView):
    service = services.notice_publish
    title = _("Publish the notice")
    action_label = _("Publish now")
    success_message = _("Published. The staff to whom it is addressed get a message within a minute.")

    def get_consequence(self):
        count = len(selectors.staff_addressed(self.object))
        words = _("The notice is published at once. %(count)s people with a duty there get a message in the portal.")
        return words % {"count": count}


class NoticeWithdrawView(NoticeStep, ActionView):
    rule = rules.can_withdraw_notice
    service = services.notice_withdraw
    form_class = ReasonForm
    title = _("Withdraw the notice")
    action_label = _("Withdraw the notice")
    consequence = _("Readers can no longer see the notice. It is kept here with its read receipts and this reason.")
    danger = True
    success_message = _("The notice is withdrawn.")


class NoticeAttachView(ActionView):
    model = Notice
    rule = rules.can_change_notice
    form_class = forms.AttachForm
    title = _("Attach a file")
    action_label = _("Attach the file")
    consequence = _("Everybody who can read the notice can open the file. Check it for personal data first.")
    success_message = _("The file is attached.")

    def perform(self, form):
        services.file_attach(actor=self.request.user, notice=self.object, upload=form.cleaned_data["file"])


class FileRemoveView(ActionView):
    """Removes one attachment, which is found through its notice."""

    model = NoticeFile
    title = _("Remove the attachment")
    action_label = _("Remove the attachment")
    consequence = _("The file is deleted.")
    danger = True
    success_message = _("The attachment is removed.")

    row_name = "attachment"
    service = services.file_remove

    def get_queryset(self):
        notices = Notice.objects.visible_to(self.request.user)
        return NoticeFile.objects.filter(notice__in=notices).select_related("notice__organization", "file")

    @staticmethod
    def rule(actor, attachment):
        return rules.can_change_notice(actor, attachment.notice)

    def back_url(self):
        return self.object.notice.get_absolute_url()

    def next_url(self, result):
        return self.object.notice.get_absolute_url()
