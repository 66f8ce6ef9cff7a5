"""Addresses of handbooks, printed copies and transfer lists. A new one must be declared in tests/desk/test_papers_walls.py too."""

from django.urls import path

from gongkai.desk.views import handbook_items, handbooks, prints, transfers

_BOOK = "handbooks/<int:number>/"
_LIST = "transfers/<int:number>/"

urlpatterns = [
    path("handbooks/", handbooks.handbooks, name="handbooks"),
    path("handbooks/new/", handbooks.new_handbook, name="new_handbook"),
    path("handbooks/outdated/", prints.outdated_prints, name="outdated_prints"),
    path("handbooks/prints/<int:number>/", prints.settle_run, name="settle_run"),
    path(_BOOK, handbooks.handbook, name="handbook"),
    path(f"{_BOOK}change/", handbooks.change, name="change_handbook"),
    path(f"{_BOOK}items/", handbook_items.items, name="handbook_items"),
    path(f"{_BOOK}publish/", handbooks.publish, name="publish_handbook"),
    path(f"{_BOOK}preview.pdf", handbooks.preview, name="preview_handbook"),
    path(f"{_BOOK}editions/<int:edition>.pdf", handbooks.edition_file, name="edition_file"),
    path(f"{_BOOK}prints/", prints.record_run, name="record_print"),
    path("transfers/", transfers.transfers, name="transfers"),
    path("transfers/receivers/new/", transfers.new_receiver, name="new_receiver"),
    path("transfers/receivers/<int:number>/end/", transfers.end_receiver, name="end_receiver"),
    path("transfers/receivers/<int:number>/lists/", transfers.make_list, name="make_transfer"),
    path(_LIST, transfers.transfer, name="transfer"),
    path(f"{_LIST}give-up/", transfers.give_up_list, name="give_up_transfer"),
    path(f"{_LIST}<slug:kind>/", transfers.transfer_file, name="transfer_file"),
]
