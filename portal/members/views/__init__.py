"""Pages of people: signing in, the roster, her own account."""

from portal.members.views.account import (
    AccountView,
    ConsentWithdrawView,
)
from portal.members.views.duties import (
    DutyCreateView,
    DutyDetailView,
    DutyEndView,
    DutyFindView,
    DutyListView,
)
from portal.members.views.invitations import InvitationView, InvitedView
from portal.members.views.restoring import (
    FactorRemoveView,
    MemberInviteView,
    MemberUnlockView,
    PhoneReplaceView,
)
from portal.members.views.roster import (
    MemberCreateView,
    MemberDetailView,
    MemberFindView,
    MemberListView,
    MemberUpdateView,
)
from portal.members.views.security import (
    AuthenticatorQrView,
    AuthenticatorSetupView,
    PasswordView,
    RecoveryCodesView,
    SecurityView,
    SessionsEndView,
)
from portal.members.views.sign_in import (
    ActivateView,
    CodeView,
    FactorView,
    FreshCodeView,
    FreshRequiredMixin,
    FreshView,
    SentMessagesView,
    SignInView,
    SignOutView,
    StaffSignInView,
    TotpView,
)
from portal.members.views.vouchings import (
    MemberVouchView,
    NotFoundOnRosterView,
    VouchingAskView,
    VouchingDetailView,
    VouchingGrantView,
    VouchingListView,
    VouchingRefuseView,
)

__all__ = [
    "AccountView",
    "ActivateView",
    "AuthenticatorQrView",
    "AuthenticatorSetupView",
    "CodeView",
    "ConsentWithdrawView",
    "DutyCreateView",
    "DutyDetailView",
    "DutyEndView",
    "DutyFindView",
    "DutyListView",
    "FactorRemoveView",
    "FactorView",
    "FreshCodeView",
    "FreshRequiredMixin",
    "FreshView",
    "InvitationView",
    "InvitedView",
    "MemberCreateView",
    "MemberDetailView",
    "MemberFindView",
    "MemberInviteView",
    "MemberListView",
    "MemberUnlockView",
    "MemberUpdateView",
    "MemberVouchView",
    "NotFoundOnRosterView",
    "PasswordView",
    "PhoneReplaceView",
    "RecoveryCodesView",
    "SecurityView",
    "SentMessagesView",
    "SessionsEndView",
    "SignInView",
    "SignOutView",
    "StaffSignInView",
    "TotpView",
    "VouchingAskView",
    "VouchingDetailView",
    "VouchingGrantView",
    "VouchingListView",
    "VouchingRefuseView",
]
