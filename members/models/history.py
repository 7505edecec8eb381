"""What changed of a row stays: every table that may change keeps its before-images."""

import pghistory


def before_image(*exclude: str) -> object:
    """Keep the row as it was before each change or deletion (who and why come from the request's context)."""
    return pghistory.track(
        pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent(row=pghistory.Old), exclude=list(exclude)
    )
