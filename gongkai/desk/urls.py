"""Every address of the back office. A new one must be declared in tests/desk/test_walls.py too."""

from django.urls import include, path

from gongkai.desk.views import (
    coverage,
    editor,
    files,
    interprets,
    items,
    keep_audit,
    keep_columns,
    keep_security,
    keep_system,
    moves,
    review,
    sign_in,
    texts,
    todo,
)

app_name = "desk"

_ITEM = "items/<slug:code>/"

urlpatterns = [
    path("login/", sign_in.SignIn.as_view(), name="login"),
    path("logout/", sign_in.SignOut.as_view(), name="logout"),
    path("me/", sign_in.profile, name="profile"),
    # what waits
    path("", todo.todo, name="todo"),
    path("todo.csv", todo.export, name="todo_export"),
    path("items/", items.items, name="items"),
    path("items.csv", items.export, name="items_export"),
    path("new/", items.new, name="new"),
    path("coverage/", coverage.coverage, name="coverage"),
    path("catalogue/", coverage.catalogue, name="catalogue"),
    path("corrections/", coverage.corrections, name="corrections"),
    path("corrections/<int:number>/", coverage.correction, name="correction"),
    # one item
    path(_ITEM, items.item, name="item"),
    path(f"{_ITEM}edit/", editor.edit, name="edit"),
    path(f"{_ITEM}autosave/", editor.autosave, name="autosave"),
    path(f"{_ITEM}presence/", editor.presence, name="presence"),
    path(f"{_ITEM}guess/", editor.guess, name="guess"),
    path(f"{_ITEM}upload/", editor.upload, name="upload"),
    path(f"{_ITEM}interprets/", interprets.interprets, name="interprets"),
    path(f"{_ITEM}images/", files.add_image, name="add_image"),
    path(f"{_ITEM}images/<slug:digest>", files.image, name="image"),
    path(f"{_ITEM}files/", files.add_file, name="add_file"),
    path(f"{_ITEM}files/<int:order>", files.file, name="file"),
    path(f"{_ITEM}files/<int:order>/remove/", files.remove_file, name="remove_file"),
    path(f"{_ITEM}preview/", texts.preview, name="preview"),
    path(f"{_ITEM}submit/", moves.submit, name="submit"),
    path(f"{_ITEM}recall/", moves.recall, name="recall"),
    path(f"{_ITEM}redraft/", moves.redraft, name="redraft"),
    path(f"{_ITEM}revise/", moves.revise, name="revise"),
    path(f"{_ITEM}discard/", moves.discard, name="discard"),
    path(f"{_ITEM}withdraw/", moves.withdraw, name="withdraw"),
    path(f"{_ITEM}reassess/", moves.reassess, name="reassess"),
    path(f"{_ITEM}review/", review.review, name="review"),
    path(f"{_ITEM}review/<int:order>/", review.opine, name="opine"),
    path(f"{_ITEM}findings/<int:number>/", review.answer, name="answer"),
    path(f"{_ITEM}emergency/", review.emergency, name="emergency"),
    path(f"{_ITEM}compare/", texts.compare, name="compare"),
    path(f"{_ITEM}versions/<int:number>/", texts.version, name="version"),
    path(f"{_ITEM}versions/<int:number>/files/<int:order>", files.version_file, name="version_file"),
    # requests for disclosure
    path("", include("gongkai.desk.urls_foi")),
    # the three administrators
    path("organs/", keep_system.organs, name="organs"),
    path("organs/new/", keep_system.new_organ, name="new_organ"),
    path("organs/<str:code>/", keep_system.organ, name="organ"),
    path("columns/", keep_columns.columns, name="columns"),
    path("columns/new/", keep_columns.new_column, name="new_column"),
    path("columns/<slug:slug>/", keep_columns.column, name="column"),
    path("plans/", keep_system.plans, name="plans"),
    path("plans/<str:code>/", keep_system.plan, name="plan"),
    path("accounts/", keep_security.accounts, name="accounts"),
    path("accounts/new/", keep_security.new_account, name="new_account"),
    path("accounts/<str:staff_number>/", keep_security.account, name="account"),
    path("accounts/<str:staff_number>/disable/", keep_security.disable_account, name="disable_account"),
    path("posts/<int:post_id>/end/", keep_security.end_post, name="end_post"),
    path("grants/", keep_security.grants, name="grants"),
    path("grants/<int:grant_id>/end/", keep_security.end_grant, name="end_grant"),
    path("ledger/", keep_audit.ledger, name="ledger"),
    path("ledger/verification/", keep_audit.verification, name="verification"),
]
