"""The tree of organs and sections, the people in them, their posts, and grants between organs."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from gongkai.law.roles import ADMINISTRATORS, role


class Organ(models.Model):
    """机关. `code` is stable and used by other systems; `org_code` is the first part of index numbers."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    short_name = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=20, default="department")  # government | department | township | other
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    org_code = models.CharField(max_length=40, blank=True)
    # A body inside or below an organ that acts in its own name (条例10.2).
    acts_in_own_name = models.BooleanField(default=True)
    address = models.CharField(max_length=200, blank=True)
    hours = models.CharField(max_length=120, blank=True)
    phone = models.CharField(max_length=60, blank=True)
    fax = models.CharField(max_length=60, blank=True)
    email = models.CharField(max_length=120, blank=True)
    online = models.CharField(max_length=200, blank=True)
    active = models.BooleanField(default=True)
    order = models.IntegerField(default=0)

    class Meta:
        ordering = ["order", "code"]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        return self.short_name or self.name


class Section(models.Model):
    """科室."""

    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="sections")
    code = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    phone = models.CharField(max_length=60, blank=True)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["organ", "code"]

    def __str__(self) -> str:
        return self.name


class PersonManager(BaseUserManager["Person"]):
    """Lookup by staff number; people are made by actions only."""

    def get_by_natural_key(self, staff_number: str | None) -> "Person":
        return self.get(staff_number=staff_number)


class Person(AbstractBaseUser):
    """A member of staff who can log in. What one may do follows from posts, never from a flag here."""

    staff_number = models.CharField("工号", max_length=40, unique=True)
    name = models.CharField(max_length=60)
    is_active = models.BooleanField(default=True)
    # One login per role that `gongkai serve` prints while its password is still the demo's.
    is_demo = models.BooleanField(default=False)

    USERNAME_FIELD = "staff_number"
    objects = PersonManager()

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """岗位: a role held in a section from one day to another (both days inside; open when `ends_on` is empty)."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="posts")
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(max_length=40)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")), name="post_ends_after_start"
            ),
            models.UniqueConstraint(
                fields=["person", "section", "role"], condition=Q(ends_on__isnull=True), name="post_once"
            ),
            # Nobody holds two of the three administrators' posts, whoever writes the row.
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(role__in=sorted(ADMINISTRATORS), ends_on__isnull=True),
                name="post_one_administrator",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {role(self.role).title}"


class ActingGrant(models.Model):
    """代管: people of `acting_organ` may exercise `role` for `organ` between two days. Never an exemption from review."""

    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="granted")
    acting_organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="acts_for")
    role = models.CharField(max_length=40)
    starts_on = models.DateField()
    ends_on = models.DateField()
    reason = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=models.F("starts_on")), name="grant_ends_after_start"),
            models.CheckConstraint(condition=~Q(organ=models.F("acting_organ")), name="grant_to_another_organ"),
        ]

    def __str__(self) -> str:
        return f"{self.acting_organ} → {self.organ} {role(self.role).title}"
