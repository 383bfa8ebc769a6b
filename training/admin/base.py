"""What the officers' pages about training have in common."""

from django.contrib.contenttypes.models import ContentType

from venues.models import Event
from venues.sentences import sentence


def events_of(thing):
    """The history of one thing, newest first, in words."""
    kind = ContentType.objects.get_for_model(thing)
    events = Event.objects.filter(about_type=kind, about_id=thing.pk).select_related("by")
    return [(event, sentence(event)) for event in events]
