"""The roles of a fund, and the words of the permission table: who is meant by a line of it."""

from enum import Enum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    LEADER = "leader", _("Community leader")
    REGISTRAR = "registrar", _("Registrar")
    COMMITTEE = "committee", _("Committee")
    TREASURER = "treasurer", _("Treasurer")
    AUDITOR = "auditor", _("Auditor")
    ADMINISTRATOR = "administrator", _("Administrator")


# Everyone who sees the whole fund's members and books; leaders see their communities only.
WHOLE_FUND_ROLES = frozenset({Role.REGISTRAR, Role.COMMITTEE, Role.TREASURER, Role.AUDITOR})
# Who handles the fund's money or its users signs in with two factors in production, and never by a phone's PIN.
SECOND_FACTOR_ROLES = (Role.TREASURER, Role.ADMINISTRATOR)


class Door(Enum):
    PUBLIC = "everyone, signed in or not"
    SIGNED_IN = "every user who is signed in, with any role or none"
    CLOSED = "nobody: a route that a library brings and that this program does not offer; 404"


PUBLIC, SIGNED_IN, CLOSED = Door.PUBLIC, Door.SIGNED_IN, Door.CLOSED
Who = frozenset[str] | Door


def roles(*names: str) -> frozenset[str]:
    return frozenset(names)


# ---- Words for the table: groups that many routes share --------------------------------------------

LEADER, REGISTRAR, COMMITTEE = Role.LEADER, Role.REGISTRAR, Role.COMMITTEE
TREASURER, AUDITOR, ADMINISTRATOR = Role.TREASURER, Role.AUDITOR, Role.ADMINISTRATOR

READS_BOOKS = roles(COMMITTEE, TREASURER, AUDITOR)
SEES_MEMBERS = WHOLE_FUND_ROLES | {LEADER}
