"""The demonstration's training: a picture, people's answers and their feedback."""

import io
import random

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from geography.models import Area
from training import actions
from training.models import Booking, Module, Picture
from venues.models import Post, Scheme, Venue
from venues.photos import redraw

LEARNERS = 9
MISUNDERSTOOD = 3
"""The index of a question that most people in the demonstration get wrong at first."""
SAID = [
    (5, "The sentences to say are what I use."),
    (5, ""),
    (4, "Short parts, good on the phone between customers."),
    (4, "More about drunk people at closing time, please."),
    (2, "The part on domestic abuse was hard. A warning at the top would help."),
    (5, "I did it on two bus rides."),
]


SAID_OF_SESSIONS = [
    (5, "Practising the sentence aloud helped most."),
    (4, ""),
    (5, "Good that people who live with it were teaching."),
    (3, "Two hours after a shift is long. A break, please."),
]


def illustrate(module: Module) -> None:
    """Put a plan of a good quiet place into the module, before it is reviewed."""
    Picture.objects.create(
        module=module,
        number=1,
        file=redraw(SimpleUploadedFile("plan.png", _plan())),
        alt=(
            "A plan of a shop: the window and the door are in front. At the back, a corner with "
            "two chairs has a second way out beside it and cannot be seen from the street."
        ),
    )
    section = module.sections.of_version(module.version).get(order=3)
    section.body = section.body.replace(
        "## 4. Ask what they want", "[[picture 1]]\n\n## 4. Ask what they want"
    )
    section.save(update_fields=["body"])


def _plan() -> bytes:
    """A floor plan of a shop: window and door at the bottom, the quiet corner at the back."""
    picture = Image.new("RGB", (900, 560), "white")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((40, 40, 860, 500), outline="#123f43", width=10)
    draw.rectangle((120, 490, 480, 510), fill="#8fc1c5")  # the window
    draw.rectangle((620, 486, 760, 514), fill="white")  # the door
    draw.rectangle((90, 300, 420, 350), fill="#c9cfd1")  # the counter
    draw.rectangle((600, 44, 614, 250), fill="#123f43")  # the wall of the corner
    draw.rectangle((846, 90, 874, 190), fill="white")  # the second way out
    for left in (660, 740):
        draw.rounded_rectangle((left, 90, left + 52, 142), 12, fill="#6b2a5b")
    for place, words in {
        (180, 520): "window",
        (650, 520): "door",
        (190, 310): "counter",
        (650, 160): "quiet place",
        (740, 205): "way out",
    }.items():
        draw.text(place, words, fill="#1a1c1d", font_size=26)
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def fill(scheme: Scheme, *, manager) -> None:
    """People in every state, some of whom take the introduction, and places where training is
    suggested.
    """
    chance = random.Random(7)
    posts = list(
        Post.objects.filter(venue__sign_ups__scheme=scheme, until__isnull=True)
        .select_related("staff_member")
        .order_by("pk")
    )
    kinds = [Post.Kind.OWN, Post.Kind.OWN, *Post.Kind]
    for number, post in enumerate(posts):
        post.kind = kinds[number % len(kinds)]
    Post.objects.bulk_update(posts, ["kind"])
    looked_after = Venue.objects.filter(organisation__memberships__user=manager)
    looked_after.update(serves=["young", "lgbtq"])
    module = Module.objects.get(slug="introductory")
    for number, post in enumerate(posts[:LEARNERS]):
        _learn(post.staff_member, module, scheme, manager, chance, number)
    harbour = Area.objects.filter(kind=Area.Kind.WARD, name="Harbour")
    Module.objects.get(slug="migration-and-asylum").suggested_areas.set(harbour)


def say_how_sessions_were(scheme: Scheme) -> None:
    """Those who came to a session answer the question in its letter."""
    came = Booking.objects.filter(session__scheme=scheme, attended=True).order_by("pk")
    for booking, (rating, words) in zip(came, SAID_OF_SESSIONS, strict=False):
        actions.give_feedback_on_session(booking, rating=rating, words=words)


def _learn(person, module, scheme, manager, chance, number):
    """Somebody reads the module and answers; those who fail try again; the first few give
    feedback.
    """
    enrolment = actions.enrol(person, module, by=manager, scheme=scheme)
    if number == LEARNERS - 1:  # one stops half-way
        for order in (1, 2, 3):
            actions.finish_section(enrolment, order)
        return
    for order in enrolment.sections.values_list("order", flat=True):
        actions.finish_section(enrolment, order)
    right, first = {}, {}
    for question in enrolment.questions.prefetch_related("choices"):
        choices = list(question.choices.all())
        right[question.pk] = {choice.pk for choice in choices if choice.right}
        slips = chance.random() < (0.7 if question.order == MISUNDERSTOOD else 0.12)
        wrong = {chance.choice([choice.pk for choice in choices if not choice.right])}
        first[question.pk] = wrong if slips else right[question.pk]
    enrolment = actions.take_check(enrolment, first)
    if not enrolment.completed_at:
        enrolment = actions.take_check(enrolment, right)
    if number < len(SAID):
        rating, words = SAID[number]
        actions.give_feedback_on_module(enrolment, rating=rating, words=words)
