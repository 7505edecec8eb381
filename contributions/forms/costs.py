"""The papers of a cost."""

from django.utils.translation import gettext_lazy as _

from bansong_fund.lib.forms import RequestForm
from office.fields import AttachmentsField


class CostPapersForm(RequestForm):
    """Photographs of the shop's receipt or of the signed certificate."""

    papers = AttachmentsField(label=_("Photographs of the receipt or the signed certificate"), required=True)
