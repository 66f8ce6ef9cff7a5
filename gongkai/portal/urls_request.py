"""Addresses of the request form. None of them holds anything of what is typed; an upload is named by a keyed digest."""

from django.urls import path

from gongkai.portal.views import request_public, request_receipt, request_steps, request_uploads

urlpatterns = [
    path("apply/new/", request_steps.what, name="request"),
    path("apply/new/agency/", request_steps.agency, name="request_agency"),
    path("apply/new/applicant/", request_steps.applicant, name="request_applicant"),
    path("apply/new/files/", request_uploads.files, name="request_files"),
    path("apply/new/files/remove/", request_uploads.remove_file, name="request_remove_file"),
    path("apply/new/delivery/", request_steps.delivery, name="request_delivery"),
    path("apply/new/check/", request_receipt.check, name="request_check"),
    path("apply/new/receipt/", request_receipt.receipt, name="request_receipt"),
    path("apply/new/receipt/file/", request_receipt.receipt_file, name="request_receipt_file"),
    path("apply/new/discard/", request_steps.discard, name="request_discard"),
    path("apply/new/again/", request_steps.again, name="request_again"),
    path("apply/new/public/", request_public.while_typing, name="request_public"),
    path("apply/new/uploads/", request_uploads.start, name="request_upload"),
    path("apply/new/uploads/<slug:upload>/", request_uploads.piece, name="request_upload_piece"),
    path("apply/new/uploads/<slug:upload>/finish/", request_uploads.finish, name="request_upload_finish"),
]
