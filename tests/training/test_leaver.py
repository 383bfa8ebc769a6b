"""What the portal warns about before somebody leaves is what then happens."""

import pytest
from django.urls import reverse

from tests.training.conftest import TODAY, days, train
from venues.actions import end_post
from venues.evidence import proofs
from venues.evidence_kinds import Stage
from venues.leaving import what_changes
from venues.models import Post

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_stay_right")]


def test_the_warning_before_the_only_trained_person_leaves_matches_what_happens(
    client, sign_up, sam, module, manager
):
    train(sam, module, manager)
    post = Post.objects.get(staff_member=sam, venue=sign_up.venue)
    last_day = TODAY() + days(7)

    (change,) = what_changes(post, last_day=last_day, at=TODAY())
    client.force_login(manager)
    page = client.get(reverse("leaver", args=[sign_up.pk, post.pk])).content.decode()
    assert change.words in page
    post.refresh_from_db()
    assert post.until is None, "asking changes nothing"

    end_post(post, last_day=last_day, by=manager)
    (proof,) = proofs(sign_up, Stage.STANDING, last_day + days(1))
    assert (proof.held_until, proof.grace_until) == (change.then, change.leaves_after)
    assert change.now > TODAY() + days(30)
