"""Views of one's own account: the data in the portal, and the consents."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _
from django.views import View, generic

from portal.core.discovery import declared
from portal.core.text import mask_identity, mask_phone
from portal.members.consents import CHILD
from portal.members.models import Child, Consent, Transfer
from portal.members.selectors import account_history
from portal.members.views.desk.data_requests import term_of
from portal.organizations.selectors import working_calendar
from portal.web.views import ShellMixin


def purposes():
    """Return the purposes for which consent is asked, by code.

    They are declared in ``agreements.py``, together with the way to withdraw the consent.
    """
    found = {}
    for module in declared("agreements"):
        found.update(module.PURPOSES)
    return found


class AccountView(ShellMixin, generic.TemplateView):
    """The member's entry, consents and requests; only the entry while private pages are closed."""

    shell = None
    provisional = True
    template_name = "members/account.html"
    title = _("My account")

    def get_context_data(self, **kwargs):
        me = self.request.user
        facts = [
            {"label": _("Full name"), "value": me.name},
            {"label": _("Unit"), "value": me.organization.name if me.organization else ""},
            {"label": _("Mobile number"), "value": mask_phone(me.phone)},
            {"label": me.get_identity_kind_display(), "value": mask_identity(me.identity_number)},
        ]
        if not me.opens_secrets:
            return super().get_context_data(facts=facts, closed=True, **kwargs)
        known = purposes()
        rows = [row for row in Consent.objects.visible_to(me).order_by("-pk") if row.purpose in known]
        for_children = any(row.as_guardian for row in rows)
        children = {child.pk: child for child in Child.objects.visible_to(me)} if for_children else {}
        agreed = [
            {
                "row": row,
                "purpose": known[row.purpose],
                "child": children.get(row.about_id) if row.as_guardian else None,
                "is_entry": row.purpose == CHILD.code,
            }
            for row in rows
        ]
        requests = list(me.data_requests.order_by("-pk")[:20])
        calendar = working_calendar() if any(row.is_open for row in requests) else None
        return super().get_context_data(
            facts=facts,
            agreed=agreed,
            transfers=Transfer.objects.waiting().filter(member=me).select_related("organization"),
            requests=[(row, term_of(row, calendar) if row.is_open else None) for row in requests],
            **kwargs,
        )


class AccountHistoryView(ShellMixin, generic.TemplateView):
    """The history of the account.

    It shows changes of phone, password, factor, e-mail and duties, confirmations, and looks at masked fields.
    """

    shell = None
    provisional = True
    template_name = "members/account_history.html"
    title = _("What happened to my account")

    def get_context_data(self, **kwargs):
        return super().get_context_data(entries=account_history(self.request.user), **kwargs)


class ConsentWithdrawView(ShellMixin, View):
    """Withdraws one consent as easily as it was given.

    What depends on it stops in the same transaction.
    """

    shell = None
    http_method_names = ["post"]

    def post(self, request, pk):
        row = get_object_or_404(Consent.objects.visible_to(request.user).standing(), pk=min(pk, 2**63 - 1))
        for module in declared("agreements"):
            if row.purpose in module.PURPOSES:
                module.take_back(row, request.user)
        messages.success(request, _("Consent withdrawn. Everything that depended on it has stopped."))
        return redirect("members:me")
