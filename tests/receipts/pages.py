"""The pages of a receipt for the request of the tests, beside all addresses of the portal."""

from django.urls import include, path

from portal.receipts.views import (
    ReceiptCodeView,
    ReceiptFollowedView,
    ReceiptFollowView,
    ReceiptLeaveView,
    ReceiptSendView,
)
from portal.urls import handler400, handler403, handler404, handler500, urlpatterns
from portal.web.forms import ConfirmForm
from tests.receipts.asks import Ask, make_ask

__all__ = ["handler400", "handler403", "handler404", "handler500"]


class AskMixin:
    model = Ask
    url_base = "asks:ask"


class AskSendView(AskMixin, ReceiptSendView):
    form_class = ConfirmForm

    def create(self, form):
        return make_ask()


class AskCodeView(AskMixin, ReceiptCodeView):
    pass


class AskFollowView(AskMixin, ReceiptFollowView):
    pass


class AskFollowedView(AskMixin, ReceiptFollowedView):
    pass


class AskLeaveView(AskMixin, ReceiptLeaveView):
    pass


own = [
    path("send/", AskSendView.as_view(), name="ask-send"),
    path("code/", AskCodeView.as_view(), name="ask-code"),
    path("follow/", AskFollowView.as_view(), name="ask-follow"),
    path("followed/", AskFollowedView.as_view(), name="ask-followed"),
    path("leave/", AskLeaveView.as_view(), name="ask-leave"),
]
urlpatterns = [path("asks/", include((own, "asks"))), *urlpatterns]
