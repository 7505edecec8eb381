"""The communities' names and leaders."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from members.leaders import possible_leaders
from members.models import Community
from office.models import User


class CommunityForm(forms.ModelForm):
    class Meta:
        model = Community
        fields = ["name_th", "name_en"]
        labels = {"name_th": _("Name in Thai"), "name_en": _("Name in English")}


class LeaderForm(forms.Form):
    """Another leader for a community."""

    user = forms.ModelChoiceField(User.objects.none(), label=_("Leader"), empty_label=_("Choose a person"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = possible_leaders()
