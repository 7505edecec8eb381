"""Form fields for papers: several pictures or PDFs at once, looked through before the form is taken."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from office.attachments import FileRefused, take_file


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class AttachmentsField(forms.FileField):
    """None, one or several papers; cleaned to a list of uploaded files, each for `keep_attachment(file, …)`.

    The form must be sent as multipart. A wrong file is refused at the field by a sentence that names the file.
    """

    widget = FilesInput
    most = 10

    def __init__(self, *, required: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("label", gettext_lazy("Papers (photographs or PDF)"))
        kwargs.setdefault("help_text", gettext_lazy("Several may be chosen at once; each at most 10 MB."))
        super().__init__(required=required, **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | {"accept": "image/jpeg,image/png,image/webp,application/pdf"}

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = [file for file in (data if isinstance(data, list | tuple) else [data]) if file]
        if not files:
            if self.required:
                raise ValidationError(_("Add a photograph or PDF of the paper."), code="required")
            return []
        if len(files) > self.most:
            message = _("At most %(most)d files at once, and these are %(count)d. Send the others afterwards.")
            raise ValidationError(message % {"most": self.most, "count": len(files)})
        return [_looked_through(file) for file in files]


def _looked_through(file: UploadedFile) -> UploadedFile:
    try:
        take_file(file)
    except FileRefused as refusal:
        raise ValidationError(str(refusal), code="refused") from refusal
    return file
