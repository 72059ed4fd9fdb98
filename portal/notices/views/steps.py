"""The steps of a notice, each a page that says what it does before it does it."""

from django.utils.translation import gettext_lazy as _

from portal.notices import forms, rules, selectors, services
from portal.notices.models import Notice, NoticeFile
from portal.web.views import ActionView


class NoticeActionView(ActionView):
    model = Notice
    form_class = forms.ConfirmForm
    rule = rules.can_edit_notice
    success_url = None


class NoticeSubmitView(NoticeActionView):
    title = _("Submit for approval")
    action_label = _("Submit for approval")
    consequence = _("A second person is asked to approve. Until then the notice cannot be edited.")
    success_message = _("Submitted. You are told as soon as it is decided.")

    def perform(self, form):
        services.notice_submit(notice=self.object, actor=self.request.user)


class NoticeApproveView(NoticeActionView):
    rule = rules.can_approve_notice
    title = _("Approve the notice")
    action_label = _("Approve")
    consequence = _("You confirm text, attachments and readers as the second person. Then it can be published.")
    success_message = _("The notice is approved.")

    def perform(self, form):
        services.notice_approve(notice=self.object, actor=self.request.user)


class NoticeReturnView(NoticeActionView):
    rule = rules.can_approve_notice
    form_class = forms.ReasonForm
    title = _("Return the notice")
    action_label = _("Return with this reason")
    consequence = _("The author reads the reason, changes the notice and submits it again.")
    success_message = _("The notice is returned.")

    def perform(self, form):
        services.notice_return(notice=self.object, actor=self.request.user, reason=form.cleaned_data["reason"])


class NoticePublishView(NoticeActionView):
    title = _("Publish the notice")
    action_label = _("Publish now")
    success_message = _("Published. The staff it addresses get a message within a minute.")

    def get_consequence(self):
        count = len(selectors.staff_addressed(self.object))
        words = _("It is posted now. %(count)s people with a duty there get a message in the portal.")
        return words % {"count": count}

    def perform(self, form):
        services.notice_publish(notice=self.object, actor=self.request.user)


class NoticeWithdrawView(NoticeActionView):
    rule = rules.can_withdraw_notice
    form_class = forms.ReasonForm
    title = _("Withdraw the notice")
    action_label = _("Withdraw the notice")
    consequence = _("Its readers no longer find it. It stays here with its receipts and this reason.")
    danger = True
    success_message = _("The notice is withdrawn.")

    def perform(self, form):
        services.notice_withdraw(notice=self.object, actor=self.request.user, reason=form.cleaned_data["reason"])


class NoticeAttachView(NoticeActionView):
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
    form_class = forms.ConfirmForm
    title = _("Remove the attachment")
    action_label = _("Remove the attachment")
    consequence = _("The file is deleted.")
    danger = True
    success_message = _("The attachment is removed.")
    success_url = None

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

    def perform(self, form):
        services.file_remove(actor=self.request.user, attachment=self.object)
