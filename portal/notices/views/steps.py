"""The steps of a notice, each a page that says what it does before it does it."""

from django.utils.translation import gettext_lazy as _

from portal.notices import forms, rules, selectors, services
from portal.notices.models import Notice, NoticeFile
from portal.web.forms import ReasonForm
from portal.web.second_person import (
    ApproveView,
    PublishView,
    ReturnView,
    SubmitView,
)
from portal.web.views import ActionView


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
    consequence = _("You confirm text, attachments and readers as the second person. Then it can be published.")
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
    success_message = _("Published. The staff it addresses get a message within a minute.")

    def get_consequence(self):
        count = len(selectors.staff_addressed(self.object))
        words = _("It is posted now. %(count)s people with a duty there get a message in the portal.")
        return words % {"count": count}


class NoticeWithdrawView(NoticeStep, ActionView):
    rule = rules.can_withdraw_notice
    service = services.notice_withdraw
    form_class = ReasonForm
    title = _("Withdraw the notice")
    action_label = _("Withdraw the notice")
    consequence = _("Its readers no longer find it. It stays here with its receipts and this reason.")
    danger = True
    success_message = _("The notice is withdrawn.")


class NoticeAttachView(ActionView):
    model = Notice
    rule = rules.can_change_notice
    form_class = forms.AttachForm
    title = _("Attach a file")
    action_label = _("Attach the file")
    consequence = _("Whoever may read the notice may open the file. Check it for personal data first.")
    success_message = _("The file is attached.")

    def perform(self, form):
        services.file_attach(actor=self.request.user, notice=self.object, upload=form.cleaned_data["file"])


class FileRemoveView(ActionView):
    """Takes one attachment off; it is found through the notice it hangs on."""

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
