"""Forms of the office: users, one-time codes."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from bansong_fund.lib.form_fields import PhoneField
from bansong_fund.lib.forms import RequestForm
from office.codes import PASSWORD, SECOND_FACTOR
from office.models import User
from office.roles import Role


class UserForm(RequestForm):
    display_name = forms.CharField(label=_("Name"), max_length=150)
    post = forms.CharField(label=_("Post in the fund"), max_length=150, required=False)
    phone = PhoneField(label=_("Phone"), required=False)
    roles = forms.MultipleChoiceField(
        label=_("Roles"), choices=Role.choices, widget=forms.CheckboxSelectMultiple, required=False
    )


class NewUserForm(UserForm):
    username = forms.CharField(
        label=_("User name"),
        max_length=60,
        validators=[UnicodeUsernameValidator()],
        help_text=_("What the person types to sign in. Letters, digits and . - _"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    field_order = ["username", "display_name", "post", "phone", "roles"]


class CodeForIssueForm(forms.Form):
    purpose = forms.ChoiceField(
        label=_("What is lost?"),
        choices=[(PASSWORD, _("The password")), (SECOND_FACTOR, _("The phone with the second factor"))],
        widget=forms.RadioSelect,
        initial=PASSWORD,
    )


class UseCodeForm(forms.Form):
    username = forms.CharField(
        label=_("User name"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    code = forms.CharField(
        label=_("Code from the administrator"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    new_password = forms.CharField(
        label=_("New password"),
        help_text=_("At least 10 letters or digits, not your name, and not one that everybody uses."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    new_password_again = forms.CharField(
        label=_("New password, once more"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        first, second = values.get("new_password"), values.get("new_password_again")
        if first and second and first != second:
            self.add_error("new_password_again", _("The two are not the same. Write the new password again."))
        elif first:
            try:
                validate_password(first, User(username=values.get("username", "")))
            except ValidationError as error:
                self.add_error("new_password", error)
        return values
