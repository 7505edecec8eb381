"""Django's sessions, with a database that fails told from a session that was ended."""

from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse


class FaultTellingSessionMiddleware(SessionMiddleware):
    """A server that ends while the session is kept is a fault of ours, to be answered as one (500): send it again.

    Django answers 400 to it as to a session that was ended elsewhere, as if the visitor had asked for something wrong.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        try:
            return super().process_response(request, response)
        except SessionInterrupted as interrupted:
            fault = interrupted.__context__.__context__ if interrupted.__context__ else None
            if isinstance(fault, (OperationalError, InterfaceError)):
                raise fault from interrupted
            raise
