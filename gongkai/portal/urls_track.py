"""Addresses of the tracking pages. None holds a code, a number or a name: the case is that of the session."""

from django.urls import path

from gongkai.portal.views import tracking, tracking_acts, tracking_papers

urlpatterns = [
    path("apply/track/", tracking.login, name="track"),
    path("apply/track/leave/", tracking.leave, name="track_leave"),
    path("apply/track/stay/", tracking.stay, name="track_stay"),
    path("apply/track/case/", tracking.case, name="track_case"),
    path("apply/track/request/", tracking.wanted, name="track_request"),
    path("apply/track/clarify/", tracking_acts.clarify, name="track_clarify"),
    path("apply/track/reasons/", tracking_acts.reasons, name="track_reasons"),
    path("apply/track/withdraw/", tracking_acts.withdraw, name="track_withdraw"),
    path("apply/track/fee/", tracking_acts.fee, name="track_fee"),
    path("apply/track/remedies/", tracking_acts.remedies, name="track_remedies"),
    path("apply/track/rating/", tracking_acts.grade, name="track_rate"),
    path("apply/track/complaint/", tracking_acts.complaint, name="track_complaint"),
    path("apply/track/correction/", tracking_acts.correction, name="track_correction"),
    path("apply/track/papers/<int:serial>/", tracking_papers.paper, name="track_paper"),
    path("apply/track/papers/<int:serial>/<slug:suffix>/", tracking_papers.paper_file, name="track_paper_file"),
    path("apply/track/reply/", tracking_papers.reply, name="track_reply"),
    path("apply/track/reply/letter/<slug:suffix>/", tracking_papers.reply_letter, name="track_reply_letter"),
    path("apply/track/reply/sealed/", tracking_papers.reply_sealed, name="track_reply_sealed"),
    path("apply/track/reply/files/<int:order>/", tracking_papers.reply_file, name="track_reply_file"),
]
