"""A person is about to be written down who may be in the register already: who it may be, and the tick to go on."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.doubles import PossibleDouble, possible_doubles
from members.likeness import Why
from members.models import Community, Member
from members.verbs import PersonFacts

COMPARED = (
    *("first_name", "family_name", "birth_date", "birth_precision"),
    *("house_number", "moo", "phone", "national_id"),
)


class AnotherPerson(forms.Form):
    """Fields for a form about a person. Ask `shows_doubles` once the form is valid, and before anything is saved."""

    another_person = forms.BooleanField(
        label=gettext_lazy("It is another person than those named above"), required=False
    )
    # the members who were shown when it was ticked: where others turn up by then, they are shown first
    doubles_shown = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.doubles: list[PossibleDouble] = []

    def shows_doubles(self, person: PersonFacts, community: Community, members: QuerySet[Member]) -> bool:
        """Whether the form goes back to be looked at: like people were found, and nobody said they are others."""
        asked = {name: getattr(person, name) for name in COMPARED}
        self.doubles = possible_doubles(**asked, community=community, members=members)
        if not self.doubles or self.doubles[0].why == Why.ID:  # of the same ID the verb says that it is in use
            return False
        found = ",".join(str(one.member.number) for one in self.doubles)
        if self.cleaned_data["another_person"] and self.cleaned_data["doubles_shown"] == found:
            return False
        self.data = self.data.copy()
        self.data[self.add_prefix("doubles_shown")] = found
        self.data.pop(self.add_prefix("another_person"), None)
        self.add_error(None, _("This person may be a member already. Look at those named below before you save."))
        return True
