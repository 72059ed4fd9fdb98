from django.urls import path

from portal.members.views.desk import appointments, duties, people, restoring, reveals, security, transfers
from portal.members.views.desk import data_requests as desk_data_requests
from portal.members.views.desk import phones as desk_phones
from portal.members.views.desk import proofs as desk_proofs
from portal.members.views.desk import vouching as desk_vouching
from portal.members.views.member import account, children, invitations, sign_in
from portal.members.views.member import data_requests as member_data_requests
from portal.members.views.member import phones as member_phones
from portal.members.views.member import proofs as member_proofs
from portal.members.views.member import vouching as member_vouching

app_name = "members"
urlpatterns = [
    path("sign-in/", sign_in.SignInView.as_view(), name="sign-in"),
    path("sign-in/code/", sign_in.CodeView.as_view(), name="sign-in-code"),
    path("sign-in/first/", sign_in.ActivateView.as_view(), name="sign-in-activate"),
    path("sign-in/unknown/", member_vouching.NotFoundOnRosterView.as_view(), name="sign-in-unknown"),
    path("sign-in/staff/", sign_in.StaffSignInView.as_view(), name="sign-in-staff"),
    path("sign-in/factor/", sign_in.FactorView.as_view(), name="sign-in-factor"),
    path("sign-in/authenticator/", sign_in.TotpView.as_view(), name="sign-in-totp"),
    path("sign-in/unit/", member_vouching.VouchingAskView.as_view(), name="sign-in-unit"),
    path("sign-in/invitation/", invitations.InvitationCodeView.as_view(), name="sign-in-invitation-code"),
    path("sign-in/invitation/<str:token>/", invitations.InvitationView.as_view(), name="sign-in-invitation"),
    path("sign-in/invited/", invitations.InvitedView.as_view(), name="sign-in-invited"),
    path("sign-in/enrol/", invitations.EnrolView.as_view(), name="sign-in-enrol"),
    path("sign-in/lost/", member_phones.LostView.as_view(), name="sign-in-lost"),
    path("sign-in/other-number/", member_phones.OtherNumberView.as_view(), name="sign-in-other-number"),
    path("sign-in/stop/", member_phones.StopView.as_view(), name="sign-in-stop"),
    path("sign-in/fresh/", sign_in.FreshView.as_view(), name="fresh"),
    path("sign-in/fresh/code/", sign_in.FreshCodeView.as_view(), name="fresh-code"),
    path("sign-out/", sign_in.SignOutView.as_view(), name="sign-out"),
    path("dev/sms/", sign_in.SentMessagesView.as_view(), name="sent-messages"),
    path("me/", account.AccountView.as_view(), name="me"),
    path("me/consents/<int:pk>/withdraw/", account.ConsentWithdrawView.as_view(), name="consent-withdraw"),
    path("me/history/", account.AccountHistoryView.as_view(), name="account-history"),
    path("me/proof/", member_proofs.ProofView.as_view(), name="proof"),
    path("me/proof/code/", member_proofs.RecoveryUseView.as_view(), name="recovery-use"),
    path("me/proof/old-phone/", member_proofs.OldPhoneView.as_view(), name="proof-old-phone"),
    path("me/phone/", member_phones.PhoneOwnView.as_view(), name="phone-own"),
    path("me/phone/code/", member_phones.PhoneOwnCodeView.as_view(), name="phone-own-code"),
    path("me/children/", children.ChildListView.as_view(), name="child-list"),
    path("me/children/new/", children.ChildCreateView.as_view(), name="child-create"),
    path("me/children/<int:pk>/edit/", children.ChildUpdateView.as_view(), name="child-update"),
    path("me/children/<int:pk>/care/", children.ChildCareView.as_view(), name="child-care"),
    path("me/children/<int:pk>/remove/", children.ChildRemoveView.as_view(), name="child-remove"),
    path("me/readers/", member_data_requests.MemberReadersView.as_view(), name="member-readers"),
    path("me/data/", member_data_requests.MemberDownloadView.as_view(), name="member-download"),
    path("me/requests/<str:kind>/", member_data_requests.DataRequestCreateView.as_view(), name="request-create"),
    path("members/requests/", desk_data_requests.DataRequestListView.as_view(), name="request-list"),
    path("members/requests/<int:pk>/", desk_data_requests.DataRequestDetailView.as_view(), name="request-detail"),
    path(
        "members/requests/<int:pk>/settle/", desk_data_requests.DataRequestSettleView.as_view(), name="request-settle"
    ),
    path(
        "members/requests/<int:pk>/withdraw/",
        member_data_requests.DataRequestWithdrawView.as_view(),
        name="request-withdraw",
    ),
    path("members/", people.MemberListView.as_view(), name="member-list"),
    path("members/find/", people.MemberFindView.as_view(), name="member-find"),
    path("members/confirm/", desk_proofs.PeopleConfirmView.as_view(), name="people-confirm"),
    path("members/phones/<int:pk>/", desk_phones.PhoneChangeDetailView.as_view(), name="phone-change-detail"),
    path("members/phones/<int:pk>/seen/", desk_phones.PhoneChangeSeenView.as_view(), name="phone-change-seen"),
    path("members/phones/<int:pk>/paper/", desk_phones.PhoneChangePaperView.as_view(), name="phone-change-paper"),
    path(
        "members/phones/<int:pk>/withdraw/", desk_phones.PhoneChangeWithdrawView.as_view(), name="phone-change-withdraw"
    ),
    path("members/phones/<int:pk>/stop/", desk_phones.PhoneChangeStopView.as_view(), name="phone-change-stop"),
    path("members/new/", people.MemberCreateView.as_view(), name="member-create"),
    path("members/<int:pk>/", people.MemberDetailView.as_view(), name="member-detail"),
    path("members/<int:pk>/reveal/<str:field>/", reveals.MemberRevealView.as_view(), name="member-reveal"),
    path("members/<int:pk>/edit/", people.MemberUpdateView.as_view(), name="member-update"),
    path("members/<int:pk>/phone/", desk_phones.PhoneProposeView.as_view(), name="member-phone"),
    path("members/<int:pk>/factor/", restoring.FactorRemoveView.as_view(), name="member-factor"),
    path("members/<int:pk>/unlock/", restoring.MemberUnlockView.as_view(), name="member-unlock"),
    path("members/<int:pk>/invite/", restoring.MemberInviteView.as_view(), name="member-invite"),
    path("members/<int:pk>/hand-link/", restoring.MemberHandLinkView.as_view(), name="member-hand-link"),
    path("members/<int:pk>/seen/", desk_proofs.MemberSeenView.as_view(), name="member-seen"),
    path("members/<int:pk>/dispute/", desk_proofs.MemberDisputeView.as_view(), name="member-dispute"),
    path("members/<int:pk>/paper-codes/", desk_proofs.MemberPaperCodesView.as_view(), name="member-paper-codes"),
    path("members/<int:pk>/vouch/", desk_vouching.MemberVouchView.as_view(), name="member-vouch"),
    path("me/security/", security.SecurityView.as_view(), name="security"),
    path("me/security/password/", security.PasswordView.as_view(), name="password"),
    path("me/security/authenticator/", security.AuthenticatorSetupView.as_view(), name="authenticator-setup"),
    path("me/security/authenticator/qr/", security.AuthenticatorQrView.as_view(), name="authenticator-qr"),
    path("me/security/recovery-codes/", security.RecoveryCodesView.as_view(), name="recovery-code-new"),
    path("me/security/paper-codes/", member_proofs.PaperCodesView.as_view(), name="paper-code-new"),
    path("me/security/sessions/", security.SessionsEndView.as_view(), name="sessions"),
    path("duties/", duties.DutyListView.as_view(), name="duty-list"),
    path("duties/find/", duties.DutyFindView.as_view(), name="duty-find"),
    path("duties/new/", duties.DutyCreateView.as_view(), name="duty-create"),
    path("duties/<int:pk>/", duties.DutyDetailView.as_view(), name="duty-detail"),
    path("duties/<int:pk>/hand-over/", duties.DutyHandOverView.as_view(), name="duty-hand-over"),
    path("duties/<int:pk>/end/", duties.DutyEndView.as_view(), name="duty-end"),
    path("appointments/", appointments.AppointmentListView.as_view(), name="appointment-list"),
    path("appointments/<int:pk>/", appointments.AppointmentDetailView.as_view(), name="appointment-detail"),
    path("appointments/<int:pk>/approve/", appointments.AppointmentApproveView.as_view(), name="appointment-approve"),
    path("appointments/<int:pk>/refuse/", appointments.AppointmentRefuseView.as_view(), name="appointment-refuse"),
    path(
        "appointments/<int:pk>/withdraw/", appointments.AppointmentWithdrawView.as_view(), name="appointment-withdraw"
    ),
    path("transfers/", transfers.TransferListView.as_view(), name="transfer-list"),
    path("transfers/new/", transfers.TransferCreateView.as_view(), name="transfer-create"),
    path("transfers/<int:pk>/", transfers.TransferDetailView.as_view(), name="transfer-detail"),
    path("transfers/<int:pk>/confirm/", transfers.TransferConfirmView.as_view(), name="transfer-confirm"),
    path("transfers/<int:pk>/refuse/", transfers.TransferRefuseView.as_view(), name="transfer-refuse"),
    path("transfers/<int:pk>/withdraw/", transfers.TransferWithdrawView.as_view(), name="transfer-withdraw"),
    path("vouchings/<int:pk>/transfer/", transfers.VouchingTransferView.as_view(), name="vouching-transfer"),
    path("vouchings/", desk_vouching.VouchingListView.as_view(), name="vouching-list"),
    path("vouchings/<int:pk>/", desk_vouching.VouchingDetailView.as_view(), name="vouching-detail"),
    path("vouchings/<int:pk>/grant/", desk_vouching.VouchingGrantView.as_view(), name="vouching-grant"),
    path("vouchings/<int:pk>/refuse/", desk_vouching.VouchingRefuseView.as_view(), name="vouching-refuse"),
]
