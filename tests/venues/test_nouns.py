"""What places are called in sentences about one scheme, several schemes, or none."""

import pytest

from tests.factories import SchemeFactory
from venues.models import Scheme
from venues.nouns import Nouns, nouns_of, shared_nouns


@pytest.mark.parametrize(
    ("noun", "words"),
    [
        ("safe space", "a safe space"),
        ("Ark", "an Ark"),
        ("open door", "an open door"),
        ("hour of rest", "an hour of rest"),
        ("hall", "a hall"),
        ("university room", "a university room"),
        ("umbrella", "an umbrella"),
        ("one-stop café", "a one-stop café"),
        ("Ûbernook", "an Ûbernook"),
    ],
)
def test_the_article_follows_the_sound_of_the_noun(noun, words):
    assert Nouns(noun, f"{noun}s").a_one == words


@pytest.mark.django_db
def test_schemes_with_one_noun_share_it_and_others_use_a_neutral_one():
    zorbel = {"noun": "zorbel", "noun_plural": "zorbels"}
    first = SchemeFactory(**zorbel)
    SchemeFactory(**zorbel)
    assert shared_nouns(Scheme.objects.shown()) == nouns_of(first) == Nouns("zorbel", "zorbels")
    SchemeFactory(noun="blenk", noun_plural="blenks")
    neutral = Nouns("place", "places", is_neutral=True)
    assert shared_nouns(Scheme.objects.shown()) == neutral
    assert shared_nouns([]) == neutral
