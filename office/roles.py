"""The roles of a fund, and who may open which page.

`Role` is what a person does in the fund; a user may hold several. The permission table
(`office.permissions`) answers "may this role do this?" with 403; which rows a user sees is
answered by each app's `visible_to(user)` with 404.
"""

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
