"""Undoing a decision while its letter is still waiting, on the record."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common.refusals import Refused
from venues.event_sentences import sentence
from venues.models import Event, Letter, Post, SignUp, Sticker
from venues.models.sign_ups import State
from venues.taking_back import end_of_post, last_decision, may_take_back

from .letters import withdraw_letter

TAKEN_BACK = {
    "venues.sign_up_declined": "venues.decline_taken_back",
    "venues.sign_up_withdrawn": "venues.leaving_taken_back",
    "venues.changes_asked_for": "venues.changes_taken_back",
}


@transaction.atomic
def take_back_decision(sign_up: SignUp, *, by: User) -> SignUp:
    """Undo "decline", "the venue leaves" or "ask for changes", for whoever decided it.

    The state is restored, stickers that ended with it become live again, its change requests are
    deleted and its letter never leaves. Refused once something else depends on it.
    """
    sign_up = (
        SignUp.objects.select_for_update(of=("self",))
        .select_related("venue__organisation", "scheme")
        .get(pk=sign_up.pk)
    )
    event = _theirs(last_decision(sign_up), by)
    if reasons := _built_on(event, sign_up):
        raise Refused(*reasons)
    for letter in Letter.objects.filter(pk__in=event.data.get("letters", [])):
        withdraw_letter(letter, by=by)
    sign_up.state = State(event.data["was"])
    sign_up.save(update_fields=["state"])
    sign_up.change_requests.filter(pk__in=event.data.get("requests", [])).delete()
    for sticker in sign_up.stickers.filter(pk__in=event.data.get("stickers", [])):
        _count_again(sticker, by)
    Event.objects.record(TAKEN_BACK[event.kind], sign_up=sign_up, by=by)
    return sign_up


def _theirs(event: Event | None, by: User) -> Event:
    if event is None:
        raise Refused(_("There is nothing to take back."))
    if event.by_id != by.pk:
        raise Refused(_("Only the person who did this can take it back."))
    if may_take_back(event, by) is None:
        raise Refused(_("This could be taken back for ten minutes only."))
    return event


def _built_on(event: Event, sign_up: SignUp) -> list[str]:
    """What has happened since that depends on the decision, in words."""
    newer = SignUp.objects.filter(
        venue=sign_up.venue_id, scheme=sign_up.scheme_id, pk__gt=sign_up.pk
    )
    if newer.exists():
        return [_("The place has begun again since, so this stays.")]
    if event.organisation_id != sign_up.venue.organisation_id:
        return [_("The place was handed over since, so this stays.")]
    later = Q(sign_up=sign_up)
    if event.kind == "venues.changes_asked_for":
        # The venue answers a request by changing details, and those events belong to the venue.
        later |= Q(venue=sign_up.venue_id, sign_up=None)
    since = Event.objects.filter(later, pk__gt=event.pk, by__isnull=False).order_by("pk")
    return [
        _("This stays, because of what was done since: %(what)s") % {"what": sentence(each)}
        for each in since
    ]


def _count_again(sticker: Sticker, by: User) -> None:
    sticker.ended_at = sticker.ended_by = None
    sticker.end_reason = ""
    sticker.save(update_fields=["ended_at", "ended_by", "end_reason"])
    Event.objects.record(
        "venues.sticker_counts_again",
        sign_up=sticker.sign_up,
        by=by,
        about=sticker,
        number=sticker.number,
    )


@transaction.atomic
def take_back_end_post(post: Post, *, by: User) -> Post:
    """Undo "has left", for whoever recorded it: the post continues as before."""
    post = (
        Post.objects.select_for_update(of=("self",))
        .select_related("staff_member", "venue")
        .get(pk=post.pk)
    )
    event = _theirs(end_of_post(post), by)
    if post.staff_member.anonymised_at:
        raise Refused(_("The person's name has been taken out since, so this stays."))
    if event.organisation_id != post.venue.organisation_id:
        raise Refused(_("The place was handed over since, so this stays."))
    others = post.staff_member.posts.filter(venue=post.venue_id).exclude(pk=post.pk)
    if others.current(timezone.localdate()).exists() or others.filter(until=None).exists():
        raise Refused(_("This person works here again already, so this stays."))
    if str(post.until) != event.data["until"]:
        raise Refused(_("The last day was changed since, so this stays."))
    post.until = None
    post.save(update_fields=["until"])
    Event.objects.record("venues.post_end_taken_back", venue=post.venue, by=by, about=post)
    return post
