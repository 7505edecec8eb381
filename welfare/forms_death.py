"""The form of a death: its day, who receives the grant, who follows as head, where else she was named."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bansong_fund.lib.form_fields import PersonNameField, ThaiDateField, set_today
from bansong_fund.lib.forms import RequestForm
from members.forms.households import PersonChoice
from members.models import Beneficiary, Member, Relation
from welfare.deaths import Death


class DeathForm(RequestForm):
    """A member has died. What does not concern her (no house to hand on, named nowhere) is not asked."""

    on = ThaiDateField(label=gettext_lazy("Date of death"))
    admitted_on = ThaiDateField(
        label=gettext_lazy("Admitted to hospital on"),
        required=False,
        help_text=gettext_lazy("Only where the member died in hospital: the nights are claimed with the grant."),
    )
    received_on = ThaiDateField(label=gettext_lazy("Papers received on"))
    recipient_name = PersonNameField(label=gettext_lazy("Who receives the funeral grant"), required=False)
    recipient_relation = forms.ChoiceField(
        label=gettext_lazy("Relation to the member"), choices=[("", "—"), *Relation.choices], required=False
    )
    head = PersonChoice(
        Member.objects.none(),
        label=gettext_lazy("Who is the head of the household now"),
        required=False,
        empty_label=gettext_lazy("Nobody for now"),
    )
    head_reason = forms.CharField(label=gettext_lazy("Why there is no head"), required=False, max_length=200)
    named_in = forms.TypedMultipleChoiceField(
        label=gettext_lazy("The same name is to receive the grant of these members: tick those that mean this person"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self,
        *args: Any,
        today: date,
        heirs: QuerySet[Member] | None,
        named_in: Sequence[Beneficiary],
        **kwargs: Any,
    ) -> None:
        """`heirs`: the housemates among whom the next head is chosen; None where she is the head of no house."""
        super().__init__(*args, **kwargs)
        set_today(self, today)
        if heirs is None:
            del self.fields["head"], self.fields["head_reason"]
        else:
            self.fields["head"].queryset = heirs
        if named_in:
            self.fields["named_in"].choices = [(one.pk, _naming(one)) for one in named_in]
        else:
            del self.fields["named_in"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("recipient_name") and not cleaned.get("recipient_relation"):
            self.add_error("recipient_relation", _("Choose how this person is related to the member."))
        return cleaned

    def death(self) -> Death:
        asked = self.cleaned_data
        return Death(
            died_on=asked["on"],
            received_on=asked["received_on"],
            admitted_on=asked.get("admitted_on"),
            recipient_name=asked["recipient_name"],
            recipient_relation=asked["recipient_relation"],
            head=asked.get("head"),
            head_reason=asked.get("head_reason", ""),
            named_in=asked.get("named_in", ()),
        )


def _naming(one: Beneficiary) -> str:
    words = _("%(member)s, no. %(number)s, named %(name)s (%(relation)s)")
    told = {"member": one.member.full_name, "number": one.member.number}
    return words % (told | {"name": one.name, "relation": one.get_relation_display()})
