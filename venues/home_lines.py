"""The home page's links to everything else, each with its progress."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.page_links import links_on
from venues.due import SOON
from venues.hours.model import is_stale
from venues.insurance import ends_in_words
from venues.materials import for_places
from venues.models import Post, SignUp
from venues.models.questions import INSURANCE
from venues.next_steps import Standing
from venues.tasks import task_groups


@dataclass(frozen=True)
class Line:
    """`is_done` shows a tick before the state."""

    title: str
    url: str
    state: str = ""
    is_done: bool = False


def home_lines(
    sign_up: SignUp, how: Standing, at: datetime.datetime, *, may_edit: bool, is_manager: bool
) -> list[Line]:
    """What this user may open from the home page of `sign_up`, in order of use."""
    found = []
    if may_edit:
        found += [_hours(sign_up, at), *_place(sign_up), _people(sign_up, at)]
        found += _insurance(sign_up, how, at)
        found += _registered("portal_home", sign_up)
    found += _registered("portal_reports", sign_up)
    if sign_up.scheme.has_stickers:
        found.append(_sticker(sign_up, how, at))
    found += _materials(sign_up)
    if may_edit:
        found.append(_members(sign_up))
    if is_manager:
        hidden = _("hidden") if sign_up.hides_badge else ""
        found.append(Line(_("Which schemes are named"), _to("edit_badges", sign_up), hidden))
        found.append(Line(_("What else this place can be"), _to("more_schemes", sign_up)))
    return [*found, Line(_("History"), _to("portal_history", sign_up))]


def _to(name, sign_up):
    return reverse(name, args=[sign_up.pk])


def _registered(page, sign_up) -> Iterator[Line]:
    for link, url in links_on(page, sign_up):
        yield Line(str(link.words), url, str(link.state(sign_up)))


def _hours(sign_up, at):
    venue = sign_up.venue
    if venue.hours_confirmed_at is None:
        return Line(_("Hours"), _to("edit_hours", sign_up), _("not confirmed"))
    day = date_format(timezone.localtime(venue.hours_confirmed_at), "j F")
    state = _("confirmed %(day)s") % {"day": day}
    return Line(_("Hours"), _to("edit_hours", sign_up), state, not is_stale(venue, at))


def _place(sign_up):
    tasks = [task for group in task_groups(sign_up) for task in group.tasks]
    done = sum(task.done for task in tasks)
    state = _("%(done)s of %(all)s parts done") % {"done": done, "all": len(tasks)}
    yield Line(_("Your details"), _to("sign_up", sign_up), state, done == len(tasks))
    shown = str(sign_up.venue.get_listing_display()) if sign_up.venue.listing_chosen_at else ""
    yield Line(_("What people see"), _to("check_answers", sign_up), shown)


def _insurance(sign_up, how, at):
    """Until when it is in date, for a scheme that asks for it."""
    for proof in how.proofs:
        if proof.requirement.evidence != INSURANCE:
            continue
        until, today = proof.held_until, timezone.localdate(at)
        if until is None:
            state = _("no date yet")
        elif until < today:
            state = _("ended on %(day)s") % {"day": date_format(until, "j F Y")}
        elif until - today <= SOON:
            state = _("ends %(when)s") % {"when": ends_in_words(until, today)}
        else:
            state = _("until %(day)s") % {"day": date_format(until, "j F Y")}
        yield Line(_("Insurance"), _to("edit_policies", sign_up), state, proof.is_held)


def _people(sign_up, at):
    today = timezone.localdate(at)
    count = Post.objects.current(today).filter(venue=sign_up.venue_id).count()
    state = ngettext("%(count)s person", "%(count)s people", count) % {"count": count}
    return Line(_("People"), _to("people", sign_up), state)


def _materials(sign_up):
    count = for_places(sign_up.scheme).count()
    if count:
        state = ngettext("%(count)s thing", "%(count)s things", count) % {"count": count}
        yield Line(_("Materials"), _to("portal_materials", sign_up), state)


def _sticker(sign_up, how, at):
    sticker, url = how.sticker, _to("portal_sticker", sign_up)
    if sticker is None:
        return Line(_("The sticker"), url, _("none yet"))
    if not sticker.is_current(timezone.localdate(at)):
        return Line(_("The sticker"), url, _("ran out"))
    if sticker.displayed_at:
        day = date_format(timezone.localtime(sticker.displayed_at), "j F")
        return Line(_("The sticker"), url, _("up since %(day)s") % {"day": day}, True)
    state = _("sent, not up yet") if sticker.sent_at else _("not sent yet")
    return Line(_("The sticker"), url, state)


def _members(sign_up):
    count = sign_up.venue.organisation.memberships.count()
    state = ngettext("%(count)s person", "%(count)s people", count) % {"count": count}
    return Line(_("Who looks after this"), _to("members", sign_up), state)
