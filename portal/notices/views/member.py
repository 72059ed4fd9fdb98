"""Notices for their readers: staff and members, and visitors for public notices."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views import generic

from portal.exchange.storage import file_response
from portal.notices import services
from portal.notices.models import Notice, NoticeFile, NoticeRead
from portal.web.middleware import public_page
from portal.web.views import ShellMixin


class ReaderMixin(ShellMixin):
    """Base of the pages for all readers; the kind of account that is signed in decides the shell."""

    shell = None


def found_or_sign_in(request, rows, pk):
    """Return (row, None), or (None, a redirect to the sign-in page) for a visitor who may not see the row.

    A visitor learns nothing about which rows exist, and may see the row after signing in. A signed-in person gets 404.
    """
    row = rows.filter(pk=pk).first()
    if row is None and not request.user.is_authenticated:
        return None, redirect_to_login(request.get_full_path())
    if row is None:
        raise Http404
    return row, None


@public_page
class PostedListView(ReaderMixin, generic.ListView):
    """The list of notices posted for the reader, the newest first."""

    template_name = "notices/posted_list.html"
    title = _("Notices")

    def get_queryset(self):
        return Notice.objects.addressed_to(self.request.user).for_list().order_by("-published_at", "-pk")

    def get_context_data(self, **kwargs):
        shown = Paginator(self.object_list, 20).get_page(self.request.GET.get("page", "")[:9])
        read = set()
        if self.request.user.is_authenticated:
            ids = [notice.pk for notice in shown]
            own = NoticeRead.objects.filter(member=self.request.user, notice__in=ids)
            read = set(own.values_list("notice_id", flat=True))
        rows = [{"notice": notice, "read": notice.pk in read} for notice in shown]
        return super().get_context_data(rows=rows, shown=shown, **kwargs)


@public_page
class PostedDetailView(ReaderMixin, generic.TemplateView):
    """One notice with its attachments; the reader confirms it by a button, not by opening the page."""

    template_name = "notices/posted_detail.html"

    def get(self, request, *args, **kwargs):
        rows = Notice.objects.addressed_to(request.user).for_list()
        self.notice, way_in = found_or_sign_in(request, rows, kwargs["pk"])
        return way_in or super().get(request, *args, **kwargs)

    def get_title(self):
        return self.notice.title

    def get_context_data(self, **kwargs):
        notice, me = self.notice, self.request.user
        receipt = NoticeRead.objects.filter(notice=notice, member=me).first() if me.is_authenticated else None
        return super().get_context_data(
            notice=notice,
            files=notice.files.select_related("file"),
            receipt=receipt,
            known=me.is_authenticated,
            **kwargs,
        )


class PostedConfirmView(ReaderMixin, generic.View):
    """Records the receipt: "I have read this"."""

    provisional = True
    http_method_names = ["post"]

    def post(self, request, pk):
        notice = get_object_or_404(Notice.objects.addressed_to(request.user), pk=pk)
        services.notice_confirm(notice=notice, actor=request.user)
        messages.success(request, _("Confirmed: you have read it."))
        return redirect(notice.get_reader_url())


@method_decorator(login_not_required, name="dispatch")
class FileOpenView(generic.View):
    """Serves an attachment to anyone who may read its notice."""

    http_method_names = ["get", "head"]

    def get(self, request, pk):
        rows = NoticeFile.objects.open_to(request.user).select_related("file")
        row, way_in = found_or_sign_in(request, rows, pk)
        return way_in or file_response(row.file)
