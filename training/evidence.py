"""Training as evidence: enough trained people among those who work at the venue."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import F, Func, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from common.expressions import Nth
from training.models import Enrolment, Module
from venues.evidence_kinds import EvidenceKind, Part, register


def _people(at):
    return (
        Enrolment.objects.filter(module__slug=OuterRef("subject"))
        .counting_for(
            scheme=OuterRef("principle__scheme"), shares_people=OuterRef("the_shares_people")
        )
        .covering(OuterRef("the_venue"), OuterRef("the_organisation"), at)
    )


def people_covering(at):
    """How many different people cover the venue on `at`."""
    people = _people(at).filter(until__gte=at).values("staff_member")
    return Func(ArraySubquery(people), function="CARDINALITY", output_field=models.IntegerField())


def trained_until(at):
    """The last day with `at_least` trained people: the at_least-th latest of their last days."""
    return Nth(
        ArraySubquery(_people(at).order_by("-until").values("until")),
        F("at_least"),
        output_field=models.DateField(),
    )


def people_to_train(number: int) -> str:
    """How many more people a venue has to train, as part of a sentence."""
    if not number:
        return _("nobody more to train")
    words = ngettext("%(number)s more person to train", "%(number)s more people to train", number)
    return words % {"number": number}


def time_it_takes(slug: str) -> str:
    """How long a module takes and in what way, for the start page; empty for an unknown one."""
    module = Module.objects.filter(slug=slug).first()
    if module is None:
        return ""
    words = _(
        "Training: about %(minutes)s minutes for each person who takes part, on a phone or in a "
        "session. One person is enough."
    )
    if not module.by_self_study:
        words = _(
            "Training: a session of %(minutes)s minutes, together with others. One person is "
            "enough."
        )
    elif not module.by_attendance:
        words = _(
            "Training: about %(minutes)s minutes for each person who takes part, on a phone. One "
            "person is enough."
        )
    return words % {"minutes": module.minutes}


register(
    EvidenceKind(
        key="trained_people",
        order=30,
        words=gettext_lazy(
            "People who have done the training and work here: at least %(at_least)s."
        ),
        url_name="training_home",
        button=gettext_lazy("Go to training"),
        held_until=trained_until,
        part=Part.TRAINING,
        while_waiting=(
            gettext_lazy("While you wait, somebody can do the training."),
            gettext_lazy("Go to training"),
        ),
        short_by=lambda at: F("at_least") - people_covering(at),
        short_words=people_to_train,
        time_words=time_it_takes,
        subjects=lambda scheme: list(
            Module.objects.for_scheme(scheme).order_by("title").values_list("slug", "title")
        ),
    )
)
