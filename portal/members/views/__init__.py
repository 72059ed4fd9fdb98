"""Pages of people: signing in, the roster, her own account."""

from portal.members.views.account import (
    AccountView,
    ConsentWithdrawView,
)
from portal.members.views.own_data import (
    DataRequestCreateView,
    DataRequestDetailView,
    DataRequestListView,
    DataRequestSettleView,
    DataRequestWithdrawView,
    MemberDownloadView,
    MemberReadersView,
)
from portal.members.views.reveals import MemberRevealView
from portal.members.views.roster import (
    MemberCreateView,
    MemberDetailView,
    MemberFindView,
    MemberListView,
    MemberUpdateView,
)
from portal.members.views.sign_in import (
    ActivateView,
    CodeView,
    FactorView,
    FreshCodeView,
    FreshRequiredMixin,
    FreshView,
    NotFoundOnRosterView,
    SentMessagesView,
    SignInView,
    SignOutView,
    StaffSignInView,
)

__all__ = [
    "AccountView",
    "ActivateView",
    "CodeView",
    "ConsentWithdrawView",
    "DataRequestCreateView",
    "DataRequestDetailView",
    "DataRequestListView",
    "DataRequestSettleView",
    "DataRequestWithdrawView",
    "FactorView",
    "FreshCodeView",
    "FreshRequiredMixin",
    "FreshView",
    "MemberCreateView",
    "MemberDetailView",
    "MemberDownloadView",
    "MemberFindView",
    "MemberListView",
    "MemberReadersView",
    "MemberRevealView",
    "MemberUpdateView",
    "NotFoundOnRosterView",
    "SentMessagesView",
    "SignInView",
    "SignOutView",
    "StaffSignInView",
]
