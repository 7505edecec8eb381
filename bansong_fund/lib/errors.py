"""Expected refusals.

A `DomainError` says what happened, why, and what to do next, in the user's language and with the
numbers in it. Verbs raise a subclass that stands beside them; forms and views show its text.
Programmer errors are never DomainErrors: they crash to a logged 500.
"""


class DomainError(Exception):
    """A refusal that a user can understand and answer.

    `field` names the form field at which the sentence belongs, None for the whole form.
    """

    def __init__(self, message: object, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field

    def __str__(self) -> str:
        return str(self.message)
