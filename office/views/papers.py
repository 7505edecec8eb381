"""Serves papers handed in, to those who may see their owner; each reading is logged."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from office.attachments import may_see, stored_path
from office.models import Attachment
from office.reading import log_reading

ENDINGS = {"image/jpeg": ".jpg", "application/pdf": ".pdf"}


@never_cache
@require_safe
def attachment(request: HttpRequest, attachment_id: int) -> HttpResponseBase:
    paper = get_object_or_404(Attachment, pk=attachment_id)
    path = stored_path(paper.stored_name)
    if not may_see(request.user, paper) or not path.is_file():
        raise Http404
    log_reading(request.user, kind=paper.owner_kind, id=paper.owner_id, name=paper.original_name, what="attachment")
    name = f"{paper.purpose}-{paper.pk}{ENDINGS.get(paper.content_type, '')}"
    answer = FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type=paper.content_type)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
