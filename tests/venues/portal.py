"""Shared by the portal tests: a scheme with two principles, and a sign-up with its manager."""

from tests.factories import (
    MembershipFactory,
    PrincipleFactory,
    RequirementFactory,
    SchemeFactory,
    SignUpFactory,
)


def a_scheme(**kwargs):
    scheme = SchemeFactory(**kwargs)
    first = PrincipleFactory(scheme=scheme, order=1, title="A welcome")
    PrincipleFactory(scheme=scheme, order=2, title="Signposting")
    RequirementFactory(principle=first, evidence="opening_hours", needed_for="submission")
    return scheme


def managed_sign_up(**kwargs):
    """(sign-up, its manager)"""
    kwargs.setdefault("scheme", a_scheme())
    sign_up = SignUpFactory(**kwargs)
    member = MembershipFactory(organisation=sign_up.venue.organisation)
    return sign_up, member.user
