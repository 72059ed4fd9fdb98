from django.urls import path

from matchmaking.actions.couples import COUPLE
from matchmaking.actions.events import EVENT
from matchmaking.actions.hotline import TICKET
from matchmaking.actions.publicity import NOMINATION
from matchmaking.actions.safety import REPORT
from matchmaking.actions.volunteers import VOLUNTEER
from matchmaking.actions.weddings import WEDDING
from matchmaking.views.desk import (
    budgets,
    calendar,
    changing,
    follow_ups,
    hotline,
    invitations,
    letters,
    matchmakers,
    papers,
    partners,
    reviewing,
    series,
    venues,
)
from matchmaking.views.desk import couples as desk_couples
from matchmaking.views.desk import demands as desk_demands
from matchmaking.views.desk import events as desk_events
from matchmaking.views.desk import on_the_day as desk_on_the_day
from matchmaking.views.desk import pairs as desk_pairs
from matchmaking.views.desk import participations as desk_participations
from matchmaking.views.desk import profiles as desk_profiles
from matchmaking.views.desk import publicity as desk_publicity
from matchmaking.views.desk import safety as desk_safety
from matchmaking.views.desk import vetting as desk_vetting
from matchmaking.views.desk import volunteers as desk_volunteers
from matchmaking.views.desk import weddings as desk_weddings
from matchmaking.views.member import cases, choosing, introductions, pausing, photos, singles
from matchmaking.views.member import couples as member_couples
from matchmaking.views.member import demands as member_demands
from matchmaking.views.member import events as member_events
from matchmaking.views.member import on_the_day as member_on_the_day
from matchmaking.views.member import pairs as member_pairs
from matchmaking.views.member import participations as member_participations
from matchmaking.views.member import profiles as member_profiles
from matchmaking.views.member import publicity as member_publicity
from matchmaking.views.member import safety as member_safety
from matchmaking.views.member import vetting as member_vetting
from matchmaking.views.member import volunteers as member_volunteers
from matchmaking.views.member import weddings as member_weddings

app_name = "matchmaking"
urlpatterns = [
    path("events/", desk_events.EventListView.as_view(), name="event-list"),
    path("events/new/", desk_events.EventCreateView.as_view(), name="event-create"),
    path("events/<int:pk>/", desk_events.EventDetailView.as_view(), name="event-detail"),
    path("events/<int:pk>/edit/", desk_events.EventUpdateView.as_view(), name="event-update"),
    path(
        "events/<int:pk>/participants/", desk_participations.EventParticipantsView.as_view(), name="event-participants"
    ),
    path("events/<int:pk>/pairs/", desk_pairs.EventPairsView.as_view(), name="event-pairs"),
    path("events/<int:pk>/matchmakers/", matchmakers.EventMatchmakersView.as_view(), name="event-matchmakers"),
    path("events/<int:pk>/poster/", papers.EventPosterView.as_view(), name="event-poster"),
    path("events/<int:pk>/qr.svg", papers.EventQrView.as_view(), name="event-qr"),
    path("meet/", member_events.MeetListView.as_view(), name="meet-list"),
    path("meet/<str:slug>/", member_events.MeetDetailView.as_view(), name="meet-detail"),
    path("meet/<str:slug>/join/", member_participations.MeetJoinView.as_view(), name="meet-join"),
    path("meet/<str:slug>/joined/", member_participations.MeetJoinedView.as_view(), name="meet-joined"),
    path("meet/<str:slug>/accept/", member_participations.MeetAcceptView.as_view(), name="meet-accept"),
    path("meet/<str:slug>/leave/", member_participations.MeetLeaveView.as_view(), name="meet-leave"),
    path("meet/<str:slug>/choose/", choosing.MeetChooseView.as_view(), name="meet-choose"),
    path("meet/<str:slug>/photo/<int:pk>/", choosing.MeetPhotoView.as_view(), name="meet-photo"),
    path("pairs/<int:pk>/", member_pairs.PairDetailView.as_view(), name="pair-detail"),
    path("events/<int:pk>/door/", desk_on_the_day.EventDoorView.as_view(), name="event-door"),
    path("events/<int:pk>/door/<int:row>/undo/", desk_on_the_day.EventDoorUndoView.as_view(), name="event-door-undo"),
    path("events/<int:pk>/seats/", desk_on_the_day.EventSeatsView.as_view(), name="event-seats"),
    path("events/<int:pk>/seats/next/", desk_on_the_day.EventRoundView.as_view(), name="event-round"),
    path("events/<int:pk>/seats/cards/", desk_on_the_day.EventTableCardsView.as_view(), name="event-table-cards"),
    path("door/<str:token>/", desk_on_the_day.DoorScanView.as_view(), name="door-scan"),
    path("meet/<str:slug>/ticket/", member_on_the_day.MeetTicketView.as_view(), name="meet-ticket"),
    path("meet/<str:slug>/ticket.svg", member_on_the_day.MeetTicketCodeView.as_view(), name="meet-ticket-code"),
    path("meet/<str:slug>/here/", member_on_the_day.MeetHereView.as_view(), name="meet-here"),
    path("meet/<str:slug>/table/", member_on_the_day.MeetTableView.as_view(), name="meet-table"),
    path("meet/<str:slug>/walk-in/", member_on_the_day.MeetWalkInView.as_view(), name="meet-walk-in"),
    path("caseload/", cases.CaseloadView.as_view(), name="caseload-list"),
    path("events/calendar/", calendar.EventCalendarView.as_view(), name="event-calendar"),
    path("events/<int:pk>/review/", reviewing.EventReviewView.as_view(), name="event-review"),
    path("events/<int:pk>/decline/", reviewing.EventDeclineView.as_view(), name="event-decline"),
    path("signups/<int:pk>/decline/", reviewing.ParticipationDeclineView.as_view(), name="participation-decline"),
    path("events/<int:pk>/find/", invitations.EventFindView.as_view(), name="event-find"),
    path("events/<int:pk>/add/", invitations.EventAddView.as_view(), name="event-add"),
    path("events/<int:pk>/invitations/", invitations.EventInvitationsView.as_view(), name="event-invitations"),
    path("invitations/<int:pk>/remove/", invitations.InvitationRemoveView.as_view(), name="invitation-remove"),
    path("events/<int:pk>/copy/", changing.EventCopyView.as_view(), name="event-copy"),
    path("events/<int:pk>/change/", changing.EventChangeView.as_view(), name="event-change"),
    path("events/<int:pk>/quotas/", changing.EventQuotasView.as_view(), name="event-quotas"),
    path("events/<int:pk>/letters/", letters.EventLettersView.as_view(), name="event-letters"),
    path("events/<int:pk>/poster.docx", papers.EventPosterFileView.as_view(), name="event-poster-file"),
    path("events/<int:pk>/sheet/", papers.EventSheetView.as_view(), name="event-sheet"),
    path("events/<int:pk>/report.docx", papers.EventDocumentView.as_view(), name="event-document"),
    path("events/<int:pk>/partners/", partners.EventPartnersView.as_view(), name="event-partners"),
    path("events/<int:pk>/costs/", budgets.EventCostsView.as_view(), name="event-costs"),
    path("costs/<int:pk>/", budgets.CostUpdateView.as_view(), name="cost-update"),
    path("costs/<int:pk>/remove/", budgets.CostRemoveView.as_view(), name="cost-remove"),
    path("partners/", partners.PartnerListView.as_view(), name="partner-list"),
    path("partners/<int:pk>/", partners.PartnerFiguresView.as_view(), name="partner-figures"),
    path("partners/<int:pk>/remove/", partners.PartnerRemoveView.as_view(), name="partner-remove"),
    path("themes/", series.ThemeListView.as_view(), name="theme-list"),
    path("themes/new/", series.ThemeCreateView.as_view(), name="theme-create"),
    path("themes/<int:pk>/edit/", series.ThemeUpdateView.as_view(), name="theme-update"),
    path("demands/", desk_demands.DemandListView.as_view(), name="demand-list"),
    path("demands/new/", desk_demands.DemandCreateView.as_view(), name="demand-create"),
    path("demands/merge/", desk_demands.DemandMergeView.as_view(), name="demand-merge"),
    path("demands/mine/", member_demands.DemandMineView.as_view(), name="demand-mine"),
    path("demands/<int:pk>/", desk_demands.DemandDetailView.as_view(), name="demand-detail"),
    path("demands/<int:pk>/decline/", desk_demands.DemandDeclineView.as_view(), name="demand-decline"),
    path("demands/<int:pk>/reopen/", desk_demands.DemandReopenView.as_view(), name="demand-reopen"),
    path("demands/<int:pk>/withdraw/", member_demands.DemandWithdrawView.as_view(), name="demand-withdraw"),
    path("meet/<str:slug>/agree/", member_participations.MeetAgreeView.as_view(), name="meet-agree"),
    path("pairs/<int:pk>/say/", member_pairs.PairSayView.as_view(), name="pair-say"),
    path("pairs/<int:pk>/quiet/", member_pairs.PairQuietView.as_view(), name="pair-quiet"),
    path("pairs/here/", desk_pairs.PairHereView.as_view(), name="pair-here"),
    path("follow-ups/", follow_ups.FollowUpListView.as_view(), name="follow-up-list"),
    path("follow-ups/<int:pk>/", follow_ups.FollowUpDetailView.as_view(), name="follow-up-detail"),
    path("follow-ups/<int:pk>/record/", follow_ups.FollowUpRecordView.as_view(), name="follow-up-record"),
    path("follow-ups/<int:pk>/ask/", follow_ups.FollowUpAskView.as_view(), name="follow-up-ask"),
    path("weddings/", desk_weddings.WeddingListView.as_view(), name="wedding-list"),
    path("weddings/new/", desk_weddings.WeddingCreateView.as_view(), name="wedding-create"),
    path("weddings/<int:pk>/", desk_weddings.WeddingDetailView.as_view(), name="wedding-detail"),
    path("weddings/<int:pk>/edit/", desk_weddings.WeddingUpdateView.as_view(), name="wedding-update"),
    path("weddings/<int:pk>/couples/", desk_couples.WeddingCouplesView.as_view(), name="wedding-couples"),
    path("couples/<int:pk>/", desk_couples.CoupleDetailView.as_view(), name="couple-detail"),
    path("couples/<int:pk>/confirm/", member_couples.CoupleConfirmView.as_view(), name="couple-confirm"),
    path("couples/<int:pk>/leave/", member_couples.CoupleLeaveView.as_view(), name="couple-leave"),
    path("ceremonies/", member_weddings.CeremonyListView.as_view(), name="ceremony-list"),
    path("ceremonies/<int:pk>/", member_weddings.CeremonyDetailView.as_view(), name="ceremony-detail"),
    path("ceremonies/<int:pk>/ask/", member_weddings.CeremonyAskView.as_view(), name="ceremony-ask"),
    path("nominations/", desk_publicity.NominationListView.as_view(), name="nomination-list"),
    path("nominations/new/", desk_publicity.NominationCreateView.as_view(), name="nomination-create"),
    path("nominations/own/", member_publicity.NominationOwnView.as_view(), name="nomination-own"),
    path("nominations/<int:pk>/", desk_publicity.NominationDetailView.as_view(), name="nomination-detail"),
    path("nominations/<int:pk>/answer/", member_publicity.NominationAnswerView.as_view(), name="nomination-answer"),
    path(
        "nominations/<int:pk>/take-back/",
        member_publicity.NominationTakeBackView.as_view(),
        name="nomination-take-back",
    ),
    path("releases/", desk_publicity.ReleaseListView.as_view(), name="release-list"),
    path("releases/new/", desk_publicity.ReleaseCreateView.as_view(), name="release-create"),
    path("releases/<int:pk>/edit/", desk_publicity.ReleaseUpdateView.as_view(), name="release-update"),
    path("tickets/", hotline.TicketListView.as_view(), name="ticket-list"),
    path("tickets/new/", hotline.TicketCreateView.as_view(), name="ticket-create"),
    path("tickets/<int:pk>/", hotline.TicketDetailView.as_view(), name="ticket-detail"),
    path("tickets/<int:pk>/print/", hotline.TicketPrintView.as_view(), name="ticket-print"),
    # Singles: the own profile, search, safety.
    path("singles/", singles.SingleListView.as_view(), name="single-list"),
    path("singles/suggestions/", singles.SingleSuggestionsView.as_view(), name="single-suggestions"),
    path("singles/me/", member_profiles.SingleHomeView.as_view(), name="single-home"),
    path("singles/me/about/", member_profiles.SingleAboutView.as_view(), name="single-about"),
    path("singles/me/wishes/", member_profiles.SingleWishesView.as_view(), name="single-wishes"),
    path("singles/me/hobbies/", member_profiles.SingleHobbiesView.as_view(), name="single-hobbies"),
    path("singles/me/photos/", photos.SinglePhotosView.as_view(), name="single-photos"),
    path("singles/me/photos/<int:pk>/remove/", photos.SinglePhotoRemoveView.as_view(), name="single-photo-remove"),
    path("singles/me/found/", member_profiles.SingleFoundView.as_view(), name="single-found"),
    path("singles/me/units/", member_profiles.SingleUnitsView.as_view(), name="single-units"),
    path("singles/me/check/", member_profiles.SingleCheckView.as_view(), name="single-check"),
    path("singles/me/sent/", member_profiles.SingleSentView.as_view(), name="single-sent"),
    path("singles/me/start/", pausing.SingleStartView.as_view(), name="single-start"),
    path("singles/me/pause/", pausing.SinglePauseView.as_view(), name="single-pause"),
    path("singles/me/matched/", pausing.SingleMatchedView.as_view(), name="single-matched"),
    path("singles/me/leave/", pausing.SingleLeaveView.as_view(), name="single-leave"),
    path("singles/me/return/", pausing.SingleReturnView.as_view(), name="single-return"),
    path("singles/me/appeal/", member_vetting.SingleAppealView.as_view(), name="single-appeal"),
    path("singles/blocks/", member_safety.SingleBlocksView.as_view(), name="single-blocks"),
    path("singles/blocks/<int:pk>/lift/", member_safety.BlockLiftView.as_view(), name="block-lift"),
    path("singles/report/", member_safety.SingleReportView.as_view(), name="single-report"),
    path(
        "singles/report/<slug:kind>/<int:pk>/",
        member_safety.SingleReportAboutView.as_view(),
        name="single-report-about",
    ),
    path("singles/reports/", member_safety.SingleReportsView.as_view(), name="single-reports"),
    path("singles/photos/<int:pk>/", singles.SinglePhotoView.as_view(), name="single-photo"),
    path("singles/<int:pk>/", singles.SingleDetailView.as_view(), name="single-detail"),
    path("singles/<int:pk>/ask/", singles.SingleAskView.as_view(), name="single-ask"),
    path("singles/<int:pk>/block/", member_safety.SingleBlockView.as_view(), name="single-block"),
    # Staff pages about singles.
    path("vetting/", desk_vetting.VettingListView.as_view(), name="vetting-list"),
    path("vetting/<int:pk>/", desk_vetting.VettingDetailView.as_view(), name="vetting-detail"),
    path("vetting/<int:pk>/confirm/", desk_vetting.VettingConfirmView.as_view(), name="vetting-confirm"),
    path("vetting/<int:pk>/refuse/", desk_vetting.VettingRefuseView.as_view(), name="vetting-refuse"),
    path("appeals/", desk_vetting.AppealListView.as_view(), name="appeal-list"),
    path("appeals/<int:pk>/", desk_vetting.AppealDetailView.as_view(), name="appeal-detail"),
    path("appeals/<int:pk>/decide/", desk_vetting.AppealDecideView.as_view(), name="appeal-decide"),
    path("reports/", desk_safety.ReportListView.as_view(), name="report-list"),
    path("reports/<int:pk>/", desk_safety.ReportDetailView.as_view(), name="report-detail"),
    path("profiles/", desk_profiles.ProfileListView.as_view(), name="profile-list"),
    path("plans/", desk_profiles.PlanShowView.as_view(), name="plan-show"),
    path("plans/download/", desk_profiles.PlanDownloadView.as_view(), name="plan-download"),
    path("volunteers/", desk_volunteers.VolunteerListView.as_view(), name="volunteer-list"),
    path("volunteers/new/", desk_volunteers.VolunteerCreateView.as_view(), name="volunteer-create"),
    path("volunteers/share/", desk_volunteers.VolunteerShareView.as_view(), name="volunteer-share"),
    path("volunteers/figures/", desk_volunteers.VolunteerFiguresView.as_view(), name="volunteer-figures"),
    path("volunteers/<int:pk>/", desk_volunteers.VolunteerDetailView.as_view(), name="volunteer-detail"),
    path("helping/", member_volunteers.HelpingView.as_view(), name="helping-detail"),
    path("helping/apply/", member_volunteers.HelpingApplyView.as_view(), name="helping-apply"),
    path("helping/pledge/", member_volunteers.HelpingPledgeView.as_view(), name="helping-pledge"),
    path("helping/stop/", member_volunteers.HelpingStopView.as_view(), name="helping-stop"),
    path("my-matchmaker/", cases.MyHelperView.as_view(), name="my-matchmaker-detail"),
    path("my-matchmaker/leave/", cases.MyHelperLeaveView.as_view(), name="my-matchmaker-leave"),
    path("my-matchmaker/ask/", cases.MyHelperAskView.as_view(), name="my-matchmaker-ask"),
    path("caseload/<int:pk>/", cases.CaseDetailView.as_view(), name="case-detail"),
    path("caseload/<int:pk>/next/", cases.CaseUpdateView.as_view(), name="case-update"),
    path("caseload/<int:pk>/contact/", cases.CaseContactView.as_view(), name="case-contact"),
    path("caseload/<int:pk>/suggestions/", cases.CaseSuggestionsView.as_view(), name="case-suggestions"),
    path("caseload/<int:pk>/introduce/<int:other>/", cases.CaseIntroduceView.as_view(), name="case-introduce"),
    path("guided/<int:pk>/", introductions.IntroductionGuideView.as_view(), name="introduction-guide"),
    path("guided/<int:pk>/time/", introductions.GuideTimeView.as_view(), name="introduction-guide-time"),
    path("guided/<int:pk>/met/", introductions.GuideMetView.as_view(), name="introduction-met"),
    path("guided/<int:pk>/together/", introductions.GuideTogetherView.as_view(), name="introduction-together"),
    path("guided/<int:pk>/end/", introductions.GuideEndView.as_view(), name="introduction-guide-end"),
    path("introductions/", introductions.IntroductionListView.as_view(), name="introduction-list"),
    path("introductions/<int:pk>/", introductions.IntroductionDetailView.as_view(), name="introduction-detail"),
    path("introductions/<int:pk>/contact/", introductions.PassOnView.as_view(), name="introduction-contact"),
    path("introductions/<int:pk>/time/", introductions.TimeView.as_view(), name="introduction-time"),
    path("introductions/<int:pk>/feedback/", introductions.FeedbackView.as_view(), name="introduction-feedback"),
    path("introductions/<int:pk>/end/", introductions.EndView.as_view(), name="introduction-end"),
    *series.SeriesPages.urls(),
    *venues.VenuePages.urls(),
    *budgets.BudgetPages.urls(),
    *(
        address
        for actions in (EVENT, TICKET, WEDDING, COUPLE, NOMINATION, VOLUNTEER, REPORT)
        for address in actions.urls()
    ),
]
