"""Fields that name a person on a form about another: a title, a member by her number."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.form_fields import PersonNameField
from bansong_fund.lib.thai_text import arabic_digits, normalise
from members.models import Member

TITLE_LENGTH = 40


class TitleField(PersonNameField):
    """A title, in letters, at most 40 of them. The page brings the list "titles" of the usual ones."""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "list": "titles"}

    def parse(self, value: str) -> str:
        title = super().parse(value)
        if len(title) > TITLE_LENGTH:
            message = _("A title has at most %(most)d letters, and this one has %(count)d. Shorten it.")
            raise DomainError(message % {"most": TITLE_LENGTH, "count": len(title)})
        return title


class HouseNumberField(forms.CharField):
    """A house number in one spelling: " ๑๒ / ๓" is "12/3", so that a house is written down once."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"label": gettext_lazy("House no."), "required": False, "max_length": 30} | kwargs)

    def to_python(self, value: Any) -> str:
        return arabic_digits(normalise(super().to_python(value))).replace(" ", "")


class MooField(forms.CharField):
    """A village number, at times with the village's name: "๔ บ้านใน" is "4 บ้านใน"."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"label": gettext_lazy("Village no. (Moo)"), "required": False, "max_length": 10} | kwargs)

    def to_python(self, value: Any) -> str:
        return arabic_digits(normalise(super().to_python(value)))


class MemberNumberField(forms.CharField):
    """A member by her number, among those that the user may see; None when left empty."""

    members: QuerySet[Member] = Member.objects.none()

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", gettext_lazy("Member no."))
        widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
        super().__init__(**{"max_length": 20, "required": False, "widget": widget} | kwargs)

    def clean(self, value: Any) -> Member | None:
        number = arabic_digits(normalise(super().clean(value)))
        if not number:
            return None
        found = self.members.filter(number=int(number)).first() if number.isdecimal() else None
        if found is None:
            raise ValidationError(_("There is no member no. %(number)s here.") % {"number": number})
        return found
