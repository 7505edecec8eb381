"""What every form of the program shares: the request id behind a button, and a refusal put at its field."""

import uuid

from django import forms

from bansong_fund.lib.errors import DomainError


class RequestForm(forms.Form):
    """A form behind a money button or born on a phone: the same `request_id` is carried out once."""

    request_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


def show_refusal(form: forms.Form, refusal: DomainError) -> None:
    """Put a refusal at the field that it names, or over the whole form. What was typed stays."""
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
