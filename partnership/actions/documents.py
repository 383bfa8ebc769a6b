"""A meeting's papers."""

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.deciding import lock
from common.documents import extension_of
from common.refusals import Refused
from common.storage import no_orphans
from partnership.models import AgendaItem, Document, Meeting
from venues.models import Event

MOST_DOCUMENTS = 40


@no_orphans()
@transaction.atomic
def add_document(
    meeting: Meeting, *, title: str, upload: UploadedFile, item: AgendaItem | None = None, by: User
) -> Document:
    """Store a paper for invitees. Its type is detected from its content, not its name."""
    meeting = lock(meeting)
    try:
        extension = extension_of(upload)
    except ValidationError as error:
        raise Refused(*error.messages) from None
    reasons = []
    if not title.strip():
        reasons.append(_("Give the document a title."))
    if item is not None and item.meeting_id != meeting.pk:
        reasons.append(_("This item is on another agenda."))
    if meeting.documents.count() >= MOST_DOCUMENTS:
        reasons.append(_("A meeting has at most %(most)s documents.") % {"most": MOST_DOCUMENTS})
    if reasons:
        raise Refused(*reasons)
    document = Document.objects.create(
        meeting=meeting,
        item=item,
        title=title.strip(),
        file=upload,
        extension=extension,
        size=upload.size or 0,
        added_by=by,
    )
    Event.objects.record_about("partnership.document_added", document, by=by)
    return document


@transaction.atomic
def remove_document(document: Document, *, by: User) -> None:
    """Delete a paper and its file."""
    Event.objects.record_about("partnership.document_removed", document, by=by)
    file = document.file
    document.delete()
    transaction.on_commit(lambda: file.delete(save=False))
