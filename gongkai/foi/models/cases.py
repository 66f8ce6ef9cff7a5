"""The request itself, its dated steps, the tasks of sections, and the papers of its file."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from gongkai.agencies.models import Organ, Section
from gongkai.files.models import Blob
from gongkai.foi.models.applicants import Applicant, DataKey, Submission
from gongkai.law.foi_moves import STATES
from gongkai.law.reply_clock.steps import CHANNELS, KINDS
from gongkai.scanning.models import FileCopy

#: [I] form and way of getting the information (条例29(3)、40)
FORMS = {"paper": "纸质", "electronic": "电子文件", "disc": "光盘等介质", "inspect": "现场查阅、抄录"}
DELIVERIES = {"online": "网上", "email": "电子邮件", "post": "邮寄", "in_person": "当面领取", "fax": "传真"}
FILE_KINDS = {
    "identity": "身份证明",
    "request": "申请书和附件",
    "clarification": "补正材料",
    "consultation": "征求意见材料",
    "record": "检索到的信息",
    "reply": "答复附件",
    "sealed": "盖章件",
    "proof": "送达凭证",
    "correction": "更正申请的证据",
    "dossier": "案卷",
    "other": "其他材料",
}


class FoiRequest(models.Model):
    """One request, one matter. What was asked and by whom is sealed; dates, states and codes are plain.

    `due_on`, `provisional`, `clock_status`, `waiting_until` are copies of what `law.reply_clock` says of the steps;
    nothing else may write them.
    """

    number = models.CharField(max_length=60, unique=True)
    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="foi_requests")
    section = models.ForeignKey(Section, null=True, blank=True, on_delete=models.PROTECT, related_name="foi_requests")
    applicant = models.ForeignKey(Applicant, on_delete=models.PROTECT, related_name="requests")
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="requests")
    item = models.PositiveSmallIntegerField()  # 一事一申请: which item of the submission
    key = models.OneToOneField(DataKey, on_delete=models.PROTECT, related_name="request")
    channel = models.CharField(max_length=16)
    arrived_on = models.DateField()
    received_on = models.DateField(null=True, blank=True)
    description = models.BinaryField()  # sealed JSON of wishes.Wish
    form = models.CharField(max_length=12)
    delivery = models.CharField(max_length=12)
    code_hash = models.BinaryField()  # sealed hash of the query code, for changing keys only
    code_digest = models.CharField(max_length=80, blank=True)
    sketch = models.CharField(max_length=256, blank=True)
    state = models.CharField(max_length=24)
    due_on = models.DateField(null=True, blank=True)
    provisional = models.BooleanField(default=False)
    clock_status = models.CharField(max_length=24, blank=True)
    waiting_until = models.DateField(null=True, blank=True)
    reply_number = models.CharField(max_length=60, blank=True)
    signed_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    touched_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["submission", "item"], name="foi_item_once"),
            models.CheckConstraint(condition=Q(state__in=sorted(STATES)), name="foi_state_known"),
            models.CheckConstraint(condition=Q(channel__in=sorted(CHANNELS)), name="foi_channel_known"),
            models.CheckConstraint(
                condition=Q(state="registered") | Q(received_on__isnull=False), name="foi_received_when_running"
            ),
        ]
        indexes = [
            models.Index(fields=["organ", "state", "due_on"], name="foi_board"),
            models.Index(fields=["organ", "received_on"], name="foi_received"),
            models.Index(fields=["code_digest"], name="foi_code"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        """How the ledger names the case."""
        return f"foi:{self.number}"


class TextBand(models.Model):
    """One band of a request's sketch, for finding near-same requests."""

    request = models.ForeignKey(FoiRequest, on_delete=models.CASCADE, related_name="bands")
    band = models.CharField(max_length=40)

    class Meta:
        indexes = [models.Index(fields=["band"], name="foi_band")]

    def __str__(self) -> str:
        return self.band


class CaseStep(models.Model):
    """A dated fact as `law.reply_clock` takes it. Only added: a wrong date is answered by a step that replaces it.

    `seq` is its place among the steps; a replacing step takes over the place. `party` is a label such as 第三方1, never
    a name.
    """

    request = models.ForeignKey(FoiRequest, on_delete=models.PROTECT, related_name="steps")
    seq = models.PositiveSmallIntegerField()
    replaces = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by")
    step = models.CharField(max_length=24)
    on = models.DateField()
    channel = models.CharField(max_length=16, null=True, blank=True)  # noqa: DJ001 as law has it: None is not given
    confirmed_on = models.DateField(null=True, blank=True)
    reply_by = models.DateField(null=True, blank=True)
    received_on = models.DateField(null=True, blank=True)
    party = models.CharField(max_length=40, null=True, blank=True)  # noqa: DJ001
    basis = models.CharField(max_length=4, null=True, blank=True)  # noqa: DJ001
    position = models.CharField(max_length=12, null=True, blank=True)  # noqa: DJ001
    working_days = models.PositiveSmallIntegerField(null=True, blank=True)
    approved_by = models.CharField(max_length=60, null=True, blank=True)  # noqa: DJ001
    until = models.DateField(null=True, blank=True)
    by = models.CharField(max_length=12, null=True, blank=True)  # noqa: DJ001
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["seq", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(step__in=sorted(KINDS)), name="foi_step_known"),
            models.UniqueConstraint(
                fields=["request", "seq"], condition=Q(replaces__isnull=True), name="foi_step_place_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step} {self.on}"


class CaseNote(models.Model):
    """What was written with an act: what to clarify, why taken up again, why returned. Sealed, only added."""

    request = models.ForeignKey(FoiRequest, on_delete=models.PROTECT, related_name="notes")
    verb = models.CharField(max_length=30)
    text = models.BinaryField()  # sealed text
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.verb


class SectionTask(models.Model):
    """What one section is to do, by an internal date. It never touches the statutory clock."""

    request = models.ForeignKey(FoiRequest, on_delete=models.PROTECT, related_name="tasks")
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="foi_tasks")
    due_on = models.DateField()
    asked = models.BinaryField()  # sealed text
    answer = models.BinaryField(default=bytes)  # sealed text
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField()
    finished_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["request", "section"], condition=Q(finished_at__isnull=True), name="foi_task_open_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.section_id)


class CaseFile(models.Model):
    """A paper of the file. The blob holds sealed bytes, so its digest says nothing of the paper.

    A paper with a `copy` is what may go out with a reply: `original` is what it was made of, `base` the form of it that
    is marked (sealed bytes). What the plain rows of marks and copies must not say (names of sheets, words of the reader's
    warnings) stands sealed in `remarks`. Members of a batch share the copy and have no original of their own.
    """

    request = models.ForeignKey(FoiRequest, on_delete=models.PROTECT, related_name="files")
    kind = models.CharField(max_length=14)
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    filename = models.BinaryField()  # sealed text
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=80)  # keyed digest of the open bytes
    original = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="copies_made")
    base = models.ForeignKey(Blob, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    copy = models.ForeignKey(FileCopy, null=True, blank=True, on_delete=models.PROTECT, related_name="case_files")
    remarks = models.BinaryField(default=bytes)  # sealed JSON of copying.Remarks
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=Q(kind__in=sorted(FILE_KINDS)), name="foi_file_kind")]

    def __str__(self) -> str:
        return self.kind
