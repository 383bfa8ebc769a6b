"""Issues by theme, and successes, in the pack."""

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from partnership.models import Issue, Progress, UsageReturn
from partnership.periods import Period
from partnership.rules.issues import theme_words
from venues.models import Scheme

from .members import moments_of, venue_words
from .parts import Part, Sheet


def issues_part(scheme: Scheme, period: Period) -> Part:
    """Issues as numbers, never as text, which is only for the officers who handle them."""
    raised = Q(raised_at__range=moments_of(period))
    not_closed = ~Q(state=Issue.State.CLOSED)
    found = (
        Issue.objects.filter(raised | not_closed, scheme=scheme)
        .order_by()
        .values("theme")
        .annotate(
            raised=Count("pk", filter=raised),
            urgent=Count("pk", filter=raised & Q(urgency=Issue.Urgency.URGENT)),
            not_closed=Count("pk", filter=not_closed),
            unowned=Count("pk", filter=not_closed & Q(owner__isnull=True)),
        )
    )
    by_theme = {each["theme"]: each for each in found}
    columns = ["raised", "urgent", "not_closed", "unowned"]
    rows = [
        [label, *(str(by_theme[theme][column]) for column in columns)]
        for theme, label in (dict(Issue.Theme.choices) | theme_words(scheme.parts)).items()
        if theme in by_theme
    ]
    title = _("Issues raised by venues")
    header = [
        _("About"),
        _("Raised in this time"),
        _("of them urgent"),
        _("Not closed today"),
        _("of them without an owner"),
    ]
    sheet = Sheet("issues", title, header, rows, numbers=True)
    return Part(
        "issues",
        title,
        sheets=[sheet] if rows else [],
        how=_("Issues are counted exactly: each is a venue’s, not a person’s.") if rows else "",
        empty=_("No issue was raised in %(period)s, and none is left from before.")
        % {"period": period},
    )


def progress_part(scheme: Scheme, period: Period) -> Part:
    """Sentences that an officer has read and whose venue agreed to be named."""
    found = (
        Progress.objects.readable()
        .filter(
            usage_return__sign_up__scheme=scheme,
            usage_return__in=UsageReturn.objects.of(period),
            may_share=True,
        )
        .select_related("usage_return__sign_up__venue__organisation")
        .order_by("usage_return__sign_up__venue__name")
    )
    quotes = [(each.readable_text, venue_words(each.usage_return.sign_up.venue)) for each in found]
    return Part(
        "progress",
        _("What went well, in the venues’ own words"),
        quotes=quotes,
        empty=_("No venue has a sentence here that was read by the team and may be shared."),
    )
