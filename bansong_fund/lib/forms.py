"""What every form of the program shares: the request id behind a button, and a refusal put at its field."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bansong_fund.lib.errors import DomainError

LOST_MARK = _(
    "This form arrived damaged, so nothing was saved. What you typed is still here: look whether it was saved before,"
    " then press the button once more."
)


class RequestForm(forms.Form):
    """A form behind a money button or born on a phone: the same `request_id` is carried out once.

    Where the id did not arrive whole, its field is hidden and nobody could mend it: the sentence stands over the
    form, which gets a new id.
    """

    request_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound and "request_id" in self.errors:
            del self.errors["request_id"]
            data: Any = self.data
            self.data = renewed = data.copy()
            renewed[self.add_prefix("request_id")] = str(uuid.uuid4())
            self.add_error(None, LOST_MARK)


def show_refusal(form: forms.Form, refusal: DomainError) -> None:
    """Put a refusal at the field that it names, or over the whole form. What was typed stays."""
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
