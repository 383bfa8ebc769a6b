"""Letters about the quarter. They carry links and dates, never figures or a venue's own words."""

from django.utils.translation import gettext as _

from .letter import page, write_to_each, write_to_venue


def quarter_letter(sign_up, quarter, *, link, due_on) -> None:
    """The one letter of the quarter: return, hours and the next meeting behind one link."""
    subject = _("One minute for %(venue)s: %(quarter)s")
    write_to_venue(
        sign_up,
        subject % {"venue": sign_up.venue, "quarter": quarter.label},
        "quarter",
        quarter=quarter,
        link=link,
        due_on=due_on,
    )


def before_reminder(sign_up, quarter, *, link, due_on) -> None:
    write_to_venue(
        sign_up,
        _("A reminder: %(quarter)s at %(venue)s")
        % {"quarter": quarter.label, "venue": sign_up.venue},
        "before",
        quarter=quarter,
        link=link,
        due_on=due_on,
    )


def after_reminder(sign_up, quarter, *, link, due_on) -> None:
    write_to_venue(
        sign_up,
        _("We have not heard from %(venue)s: %(quarter)s")
        % {"quarter": quarter.label, "venue": sign_up.venue},
        "after",
        quarter=quarter,
        link=link,
        due_on=due_on,
    )


def month_letters(tasks) -> None:
    """To each venue everything that is due to be done there, in one letter."""
    write_to_each(
        (
            (sign_up, _("What is due at %(venue)s") % {"venue": sign_up.venue}, {"tasks": due})
            for sign_up, due in tasks
        ),
        "month",
    )


def venue_thanked(usage_return) -> None:
    sign_up = usage_return.sign_up
    write_to_venue(
        sign_up,
        _("Thank you, %(venue)s") % {"venue": sign_up.venue},
        "thanks",
        quarter=usage_return.quarter,
        link=page("returns_home", sign_up.pk),
    )
