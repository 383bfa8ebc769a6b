"""How an action refuses: in words, with every reason at once, and nothing changed."""

from contextlib import contextmanager

from django.contrib import messages


class Refused(Exception):  # reads as a sentence: `raise Refused("The sticker has ended.")`
    """Raised when a rule forbids an action. `reasons` are complete sentences for people."""

    def __init__(self, *reasons: str):
        self.reasons = reasons
        super().__init__(*reasons)

    def __str__(self) -> str:
        return " ".join(str(reason) for reason in self.reasons)


@contextmanager
def refusals_as_messages(request, success: str = ""):
    """Show each reason of a refusal as an error message; on success show `success`, if given.

    The action inside is atomic, so a refusal leaves the database as it was.
    """
    try:
        yield
    except Refused as refusal:
        request.was_refused = True  # the input is kept: common/kept_answers.py
        for reason in refusal.reasons:
            messages.error(request, reason)
    else:
        if success:
            messages.success(request, success)


UNDO = "undo="
"""In a message's tags: the URL to which its "take it back" button posts."""


def success_with_undo(request, words: str, undo_url: str):
    """Report success, with a button beside the message that undoes it."""
    messages.success(request, words, extra_tags=f"{UNDO}{undo_url}")


def complain(request, form):
    """Show a form's errors as messages, each with its field's label."""
    if form.errors:
        request.was_refused = True  # the input is kept: common/kept_answers.py
    for name, errors in form.errors.items():
        label = form.fields[name].label if name in form.fields else ""
        for error in errors:
            messages.error(request, f"{label}: {error}" if label else error)
