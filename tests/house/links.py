"""A token for each kind of page behind a signed link, for the objects of `chain.py`."""

from django.utils import timezone

from accounts.actions import keep_former_address
from accounts.links import take_back_link
from common import signed_links
from partnership.actions import start_tally
from partnership.links.meetings import rsvp_token
from partnership.links.returns import make_period_token, make_tally_token
from partnership.periods import Period
from tests.house.chain import QUARTER
from training.links.enrolments import make_token
from training.links.sessions import booking_link, feedback_link, interest_link, seat_token
from training.models.enrolments import LINK_LASTS
from venues.links import START_LASTS, duty_token, start_token, waiting_token
from venues.models import Invitation, Start


def make_tokens(chain: dict) -> dict[str, str]:
    """By URL prefix: what stands before <str:token>."""
    sign_up, user = chain["signup"], chain["user"]
    invitation = Invitation.objects.create(
        organisation=chain["organisation"], email="kim@example.org", invited_by=user
    )
    chain["enrolment"].code_expires_at = timezone.now() + LINK_LASTS
    chain["enrolment"].save()

    def link(purpose, data):
        return signed_links.make(purpose, data, lasts=START_LASTS)

    start = Start.objects.create(
        email="lee@example.org", postcode="ZZ1 1AA", scheme_id=sign_up.scheme_id
    )
    period = make_period_token(sign_up, Period.parse(QUARTER))
    former = keep_former_address(user, "former@example.org")

    return {
        "accounts/take-back/": take_back_link(former).split("/")[-2],
        "join/": start_token(start),
        "tell-me/": waiting_token(chain["waiting"]),
        "invitation/": link("invitation", invitation.pk),
        "organisation-agreement/": link(
            "confirm_organisation_agreement", [chain["organisationsignup"].pk]
        ),
        "agreement/": link("confirm_agreement", sign_up.pk),
        "duty/": duty_token(chain["dutylink"]),
        "learn/": make_token(chain["enrolment"], lasts=LINK_LASTS),
        "training/feedback/": feedback_link(chain["booking"]).split("/")[-2],
        "training/interest/": interest_link(chain["interest"]).split("/")[-2],
        "training/seats/": seat_token(chain["seatrequest"]),
        "training/bookings/": booking_link(chain["booking"]).split("/")[-2],
        "returns/": period,
        "quarter/": period,
        "tally/": make_tally_token(start_tally(sign_up, by=user)),
        "meetings/": rsvp_token(chain["attendance"]),
    }
