"""Who works here: users and their roles, papers handed in, slow jobs, the log of what was read."""

import uuid

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from bansong_fund.lib.append_only import AppendOnly
from office.roles import Role


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username__iexact=username)


class User(AbstractBaseUser):
    """A person who signs in. Leaders are volunteers with phones: an e-mail address is optional."""

    username = models.CharField(_("user name"), max_length=60, unique=True, validators=[UnicodeUsernameValidator()])
    display_name = models.CharField(_("name"), max_length=150)
    post = models.CharField(_("post in the fund"), max_length=150, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    is_active = models.BooleanField(_("may sign in"), default=True)
    joined_at = models.DateTimeField(default=timezone.now, editable=False)
    must_change_password = models.BooleanField(default=False)

    objects = UserManager()
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"

    class Meta:
        ordering = ["display_name", "id"]

    def __str__(self) -> str:
        return self.display_name

    @cached_property
    def roles(self) -> frozenset[str]:
        """The roles this user holds now; one query per request, kept on the instance."""
        if not self.is_active:
            return frozenset()
        return frozenset(self.role_grants.filter(revoked_at=None).values_list("role", flat=True))

    def has_role(self, *roles: str) -> bool:
        return not self.roles.isdisjoint(roles)


class RoleGrant(models.Model):
    """A role given to a user, and, when taken back, by whom and when."""

    user = models.ForeignKey(User, models.PROTECT, related_name="role_grants")
    role = models.CharField(max_length=20, choices=Role.choices)
    granted_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True)
    granted_at = models.DateTimeField(default=timezone.now)
    revoked_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role"], condition=models.Q(revoked_at=None), name="one_running_grant_per_role"
            ),
        ]


class OneTimeCode(models.Model):
    """The administrator's answer to a lost password or second factor: used once, then gone."""

    user = models.ForeignKey(User, models.PROTECT, related_name="one_time_codes")
    code_digest = models.CharField(max_length=128)
    purpose = models.CharField(
        max_length=20, choices=[("password", _("Password")), ("second-factor", _("Second factor"))]
    )
    issued_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class PhoneCard(models.Model):
    """A printed card with a QR code that enrols one phone of a leader: used once, within days."""

    user = models.ForeignKey(User, models.PROTECT, related_name="phone_cards")
    token_digest = models.CharField(max_length=64, unique=True)
    issued_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)


class EnrolledPhone(models.Model):
    """A leader's phone: signed in for 90 days behind a six-digit PIN that works on this phone only."""

    user = models.ForeignKey(User, models.PROTECT, related_name="phones")
    card = models.OneToOneField(PhoneCard, models.PROTECT, related_name="enrolled_phone")
    device_digest = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=100, help_text="what the phone says of itself, for the registrar's list")
    pin_hash = models.CharField(max_length=128, blank=True)
    misses = models.PositiveSmallIntegerField(default=0)
    locked_at = models.DateTimeField(null=True)
    enrolled_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    last_seen_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True)


class Attachment(models.Model):
    """A paper handed in. Its file lies in private storage under a random name.

    Written once: a picture is decoded and written anew (no EXIF, at most 2,000 px a side), the
    content type is found by content, never by name.
    """

    request_id = models.UUIDField(unique=True, default=uuid.uuid4)
    owner_kind = models.CharField(max_length=40)
    owner_id = models.BigIntegerField()
    purpose = models.CharField(max_length=60)
    original_name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    stored_name = models.CharField(max_length=80, unique=True)
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now)
    keep_until = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["owner_kind", "owner_id"])]


class Job(models.Model):
    """Slow work with progress. The task queue carries only this row's id.

    Its file is kept until `expires_at`; from `fetched_at`, its first download, that is a day. `attempt` counts the
    times that a worker began, so that one which was thought dead cannot speak for the one after it.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    request_id = models.UUIDField(unique=True, default=uuid.uuid4)
    kind = models.CharField(max_length=60)
    parameters = models.JSONField(default=dict)
    state = models.CharField(max_length=20, choices=State.choices, default=State.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    heartbeat_at = models.DateTimeField(null=True)
    cancel_requested = models.BooleanField(default=False)
    error = models.TextField(blank=True)
    result_name = models.CharField(max_length=200, blank=True)
    stored_name = models.CharField(max_length=80, blank=True)
    content_type = models.CharField(max_length=80, blank=True)
    expires_at = models.DateTimeField(null=True)
    fetched_at = models.DateTimeField(null=True)
    attempt = models.PositiveSmallIntegerField(default=0)
    requested_by = models.ForeignKey(User, models.PROTECT, related_name="jobs")
    requested_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)


class ReadingLog(AppendOnly):
    """Who looked at whose personal data, when and why. The subject is named by kind, id and frozen name."""

    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    subject_name = models.CharField(max_length=250)
    what = models.CharField(max_length=60)
    reason = models.CharField(max_length=200, blank=True)
    read_at = models.DateTimeField(default=timezone.now)

    class Meta(AppendOnly.Meta):
        indexes = [models.Index(fields=["subject_kind", "subject_id", "-read_at"])]


class ActionLog(AppendOnly):
    """What users did outside the books: sign-ins, roles given, codes issued, settings changed."""

    user = models.ForeignKey(User, models.PROTECT, related_name="+", null=True)
    action = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=40, blank=True)
    subject_id = models.BigIntegerField(null=True)
    subject_name = models.CharField(max_length=250, blank=True)
    details = models.JSONField(default=dict)
    acted_at = models.DateTimeField(default=timezone.now)

    class Meta(AppendOnly.Meta):
        indexes = [models.Index(fields=["-acted_at"])]


class InterruptedForm(models.Model):
    """A form that arrived after its session had run out: kept sealed until its user has signed in again.

    What was typed lies in `sealed_fields`, the files in private storage under `stored_files`; both go when the form
    is sent, and after a day at the latest.
    """

    token = models.UUIDField(unique=True, default=uuid.uuid4)
    user = models.ForeignKey(User, models.CASCADE, related_name="interrupted_forms")
    path = models.CharField(max_length=2000)
    page = models.CharField(max_length=2000, help_text="where the form stood: another user gets it empty there")
    sealed_fields = models.BinaryField()
    stored_files = models.JSONField(default=list, help_text='[{"field": …, "name": …, "type": …, "stored": …}]')
    kept_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.token)
