"""Bringing in an old register: the file, and the page that says what its columns are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bansong_fund.lib.form_fields import ThaiDateField
from bansong_fund.lib.forms import RequestForm
from bansong_fund.lib.languages import local_name
from members.import_columns import all_fields, field_label
from members.importing.layout import Options, SheetLayout
from members.importing.rows import column_letters
from members.models import Community

NAME_FIELDS = ("first_name", "full_name")


class RegisterFileForm(RequestForm):
    """The old register's file."""

    file = forms.FileField(
        label=gettext_lazy("The register's file"),
        help_text=gettext_lazy("A sheet saved as .xlsx, .ods or .csv, with headings over its columns; up to 128 MB."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.ods,.csv,.txt"}),
        error_messages={"empty": gettext_lazy("The file is empty. Choose the file that holds the register.")},
    )


class ConfirmForm(RequestForm):
    """The rows that were shown are to be written."""

    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)
    leave_out_doubles = forms.BooleanField(required=False)


@dataclass(frozen=True, slots=True)
class ColumnLine:
    """A column on the page: where it is, its heading, what stands in it, and the select of what it means."""

    letters: str
    heading: str
    samples: list[str]
    name: str
    chosen: str


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A sheet on the page: whether it is left out, and whose people it lists."""

    name: str
    left_out: forms.BoundField
    community: forms.BoundField


@dataclass(frozen=True, slots=True)
class SheetGroup:
    """Sheets under the same headings: matched once for all of them."""

    sheets: list[SheetLine]
    columns: list[ColumnLine]


class ColumnsForm(RequestForm):
    """What each column is. Sheets with the same headings are matched together."""

    joined_on = ThaiDateField(label=gettext_lazy("Day of joining, where no cell says it"), required=False)
    as_of = ThaiDateField(label=gettext_lazy("The register shows how things stood on"))
    id_reason = forms.CharField(
        label=gettext_lazy("Why odd ID numbers are right"),
        required=False,
        max_length=200,
        help_text=gettext_lazy(
            "For numbers whose last digit does not fit. With a reason such rows are taken with a warning,"
            " without one they are refused."
        ),
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("for example: as in the fund's old register")}),
    )

    def __init__(
        self,
        *args: Any,
        layouts: Sequence[SheetLayout],
        samples: Sequence[Sequence[Sequence[str]]],
        benefits: Mapping[str, tuple[str, str]],
        communities: Sequence[Community],
        today: date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.layouts, self.samples, self.benefits = layouts, samples, benefits
        self.groups_of_places = _grouped(layouts)
        self.field_choices = [("", "—"), *((name, field_label(name, benefits)) for name in all_fields(benefits))]
        for name in ("joined_on", "as_of"):
            self.fields[name].set_today(today)
        choices = [
            ("", _("The column of the community says it")),
            *((one.number, local_name(one)) for one in communities),
        ]
        for place, layout in enumerate(layouts):
            self._add_sheet(place, layout, choices)
        for places in self.groups_of_places:
            for column in range(len(layouts[places[0]].headings)):
                self.fields[f"column_{places[0]}_{column}"] = forms.ChoiceField(
                    choices=self.field_choices, required=False, initial=layouts[places[0]].columns.get(column, "")
                )

    def _add_sheet(self, place: int, layout: SheetLayout, choices: list[tuple[Any, str]]) -> None:
        self.fields[f"left_out_{place}"] = forms.BooleanField(
            label=_("Leave this sheet out"), required=False, initial=layout.left_out
        )
        self.fields[f"community_{place}"] = forms.TypedChoiceField(
            label=_("Its people live in"),
            choices=choices,
            coerce=int,
            empty_value=None,
            required=False,
            initial=layout.community or "",
        )

    # --- for the page -------------------------------------------------------------------------------------

    def groups(self) -> list[SheetGroup]:
        return [self._group(places) for places in self.groups_of_places]

    def _group(self, places: list[int]) -> SheetGroup:
        first = places[0]
        samples = self.samples[first] if first < len(self.samples) else []
        sheets = [
            SheetLine(self.layouts[place].name, self[f"left_out_{place}"], self[f"community_{place}"])
            for place in places
        ]
        columns = [
            ColumnLine(
                letters=column_letters(column),
                heading=heading,
                samples=list(samples[column]) if column < len(samples) else [],
                name=f"column_{first}_{column}",
                chosen=self[f"column_{first}_{column}"].value() or "",
            )
            for column, heading in enumerate(self.layouts[first].headings)
        ]
        return SheetGroup(sheets, columns)

    # --- what was said ------------------------------------------------------------------------------------

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for places in self.groups_of_places:
            used = [place for place in places if not cleaned.get(f"left_out_{place}")]
            if used:
                self._check_group(places[0], used, cleaned)
        if all(cleaned.get(f"left_out_{place}") for place in range(len(self.layouts))):
            self.add_error(None, _("All sheets are left out. Keep the one that holds the register."))
        return cleaned

    def _check_group(self, first: int, used: list[int], cleaned: dict[str, Any]) -> None:
        """What a sheet must say: a name, each field once, a community, a day of joining."""
        names = self.layouts[first].name if len(used) == 1 else ", ".join(self.layouts[place].name for place in used)
        fields = list(self._columns(first, cleaned).values())
        if not set(fields) & set(NAME_FIELDS):
            self.add_error(None, _("%(sheet)s: say which column holds the names.") % {"sheet": names})
        twice = sorted({name for name in fields if name != "ignore" and fields.count(name) > 1})
        for name in twice:
            shown = {"sheet": names, "field": field_label(name, self.benefits)}
            self.add_error(None, _("%(sheet)s: “%(field)s” is chosen for two columns. Keep one of them.") % shown)
        if "community" not in fields:
            for place in used:
                if cleaned.get(f"community_{place}") is None and f"community_{place}" not in self.errors:
                    self.add_error(f"community_{place}", _("Say in which community the people of this sheet live."))
        if "joined_on" not in fields and cleaned.get("joined_on") is None and "joined_on" not in self.errors:
            self.add_error("joined_on", _("No column says when people joined. Write the day that holds for all."))

    def _columns(self, first: int, cleaned: Mapping[str, Any]) -> dict[int, str]:
        count = len(self.layouts[first].headings)
        chosen = {column: cleaned.get(f"column_{first}_{column}", "") for column in range(count)}
        return {column: name for column, name in chosen.items() if name}

    def layouts_said(self) -> list[SheetLayout]:
        """The sheets as the registrar has put them right."""
        said: dict[int, SheetLayout] = {}
        for places in self.groups_of_places:
            for place in places:
                layout = self.layouts[place]
                said[place] = SheetLayout(
                    name=layout.name,
                    first_line=layout.first_line,
                    headings=layout.headings,
                    columns=self._columns(places[0], self.cleaned_data),
                    left_out=self.cleaned_data[f"left_out_{place}"],
                    community=self.cleaned_data[f"community_{place}"],
                    joined_on=self.cleaned_data["joined_on"],
                )
        return [said[place] for place in range(len(self.layouts))]

    def options_said(self) -> Options:
        return Options(as_of=self.cleaned_data["as_of"], id_reason=self.cleaned_data["id_reason"].strip())


def _grouped(layouts: Sequence[SheetLayout]) -> list[list[int]]:
    """Places of sheets under the same headings, together."""
    groups: dict[tuple[str, ...], list[int]] = {}
    for place, layout in enumerate(layouts):
        groups.setdefault(tuple(layout.headings), []).append(place)
    return list(groups.values())
