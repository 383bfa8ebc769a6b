"""The context of every letter, filled with the simplest objects of one scheme."""

import datetime
from types import SimpleNamespace

from django.conf import settings
from django.utils import timezone

from partnership.emails import AskedAbout
from partnership.periods import QUARTER, Period
from tests.factories import SignUpFactory, StickerFactory
from tests.partnership.factories import IssueFactory
from tests.training.factories import CompletionFactory
from tests.training.session_factories import SessionFactory
from venues.due import Due
from venues.letters import Draft
from venues.models import DutyLink, Material, Round, Scheme


def make_draft(scheme: Scheme) -> Draft:
    """A draft from which every kind of letter can be composed."""
    sign_up = SignUpFactory(scheme=scheme, approved=True, venue__name="The Ark & Dove")
    now, link = timezone.now(), f"{settings.SITE_URL}/somewhere/"
    completion = CompletionFactory(scheme=scheme, venue=sign_up.venue)
    return Draft(
        ["sam@example.org"],
        {
            "action": None,
            "alone": True,
            "asked": [AskedAbout(sign_up, Period(QUARTER, 2026, 3), now.date(), link)],
            "answer_link": link,
            "completed": True,
            "completion": completion,
            "day": now.date(),
            "duty": DutyLink(scheme=scheme, name="Robin", starts_on=now.date(), ends_on=now.date()),
            "due_on": now.date(),
            "ends": "tomorrow, 29 November 2026",
            "enrolment": completion,
            "feedback_link": link,
            "grace_days": 28,
            "has_meetings": False,
            "issue": IssueFactory(sign_up=sign_up),
            "lapsed": True,
            "leave_link": link,
            "leaves_on": now.date(),
            "link": link,
            "round": Round(scheme=scheme, opens_on=now.date(), closes_on=now.date()),
            "sign_ups": [sign_up],
            "stop": link,
            "material": Material(scheme=scheme, title="Poster", version=2),
            "module": completion.module,
            "name": "quarterly tea",
            "number": 2,
            "offer_until": now + datetime.timedelta(days=1),
            "organisation": sign_up.venue.organisation,
            "parent": sign_up.venue.organisation,
            "overdue": False,
            "page": link,
            "people": 3,
            "person": completion.staff_member,
            "place": "1 High Street",
            "reference": "ABCD2345",
            "position": 4,
            "principle": SimpleNamespace(title="Welcome"),
            "period": Period(QUARTER, 2026, 3).label,
            "reason": "The sign over the door says The Bell.",
            "days_before": "60, 30 and 7",
            "rows": [
                {
                    "sign_up": sign_up,
                    "venue": sign_up.venue,
                    "people": 2,
                    "first": now.date(),
                    "link": link,
                }
            ],
            "set_by": scheme,
            "still_hidden": True,
            "whom_to_ring": "Robin, 01962 1",
            "session": SessionFactory(scheme=scheme, module=completion.module),
            "sticker": StickerFactory(sign_up=sign_up),
            "tasks": [Due("Confirm your hours.", "/somewhere/")],
            "places": [(sign_up, [Due("Confirm your hours.", "/somewhere/")])],
            "losses": [(sign_up, [])],
            "places_told": 2,
            "time_changed": True,
            "unlists": True,
            "what": "name of the place",
            "kept_name": "Copper Kettle",
            "other_name": "The Copper Kettle",
            "when": "1 October 2026, 10:00",
            "words": ["The place can be found online."],
        },
        sign_up=sign_up,
    )
