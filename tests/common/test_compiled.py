"""Expressions whose SQL is written in advance."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import models
from django.db.models import Case, Count, Exists, ExpressionWrapper, F, OuterRef, Q, Value, When
from django.db.models.functions import Concat

from common.compiled import Compiled, compiled

pytestmark = pytest.mark.django_db


@pytest.fixture
def groups():
    """Two groups: one may do two things, the other none."""
    able, idle = Group.objects.create(name="able"), Group.objects.create(name="idle")
    able.permissions.set(Permission.objects.filter(codename__in=["add_group", "view_group"]))
    return able, idle


def may_view():
    held = Permission.objects.filter(group=OuterRef("pk"), codename="view_group")
    return compiled(Exists(held), Group.objects.all())


def test_a_compiled_expression_finds_the_same_rows_as_the_plain_one(groups):
    able, _idle = groups
    assert isinstance(may_view(), Compiled)
    assert list(Group.objects.filter(may_view())) == [able]
    assert list(Group.objects.filter(~may_view(), pk__in=[g.pk for g in groups])) == [groups[1]]


def test_its_table_aliases_do_not_clash_with_those_of_the_outer_query(groups):
    """Django calls the first table of every subquery U0; so it is called in and outside of this."""
    able, _idle = groups
    viewing = Group.objects.filter(may_view(), permissions=OuterRef("pk"))
    found = Permission.objects.filter(Exists(viewing)).values_list("codename", flat=True)
    assert sorted(found) == ["add_group", "view_group"]
    assert list(Group.objects.filter(pk__in=Group.objects.filter(may_view()))) == [able]


def test_compiled_expressions_can_be_nested(groups):
    able, _idle = groups
    outer = compiled(
        Exists(Group.objects.filter(may_view(), pk=OuterRef("pk"), name=OuterRef("name"))),
        Group.objects.all(),
    )
    assert list(Group.objects.filter(outer)) == [able]


def test_it_reads_columns_of_joined_tables_and_annotations(groups):
    label = compiled(
        Concat(F("content_type__app_label"), Value(" 100% "), F("kind")),
        Permission.objects.all(),
        {"kind": models.CharField()},
    )
    found = Permission.objects.annotate(kind=F("codename")).annotate(label=label)
    assert found.get(codename="add_group").label == "auth 100% add_group"
    with_names = {"kind": ExpressionWrapper(Value("x"), output_field=models.CharField())}
    again = Permission.objects.annotate(**with_names).annotate(label=label)
    assert again.get(codename="add_group").label == "auth 100% x"


def test_parameters_keep_their_order(groups):
    words = compiled(
        Case(
            When(Q(codename="add_group") & Q(kind=Value(2)), then=Value("second")),
            When(codename="view_group", then=Value("third")),
            default=Value("first"),
        ),
        Permission.objects.all(),
        {"kind": models.IntegerField()},
    )
    found = Permission.objects.annotate(kind=Value(2)).annotate(words=words)
    assert found.get(codename="add_group").words == "second"
    assert found.get(codename="view_group").words == "third"
    assert found.get(codename="delete_group").words == "first"


def test_it_can_be_used_for_grouping_and_ordering(groups):
    found = (
        Group.objects.filter(pk__in=[group.pk for group in groups])
        .annotate(views=may_view())
        .values("views")
        .annotate(number=Count("pk"))
        .order_by("-views")
    )
    assert list(found) == [{"views": True, "number": 1}, {"views": False, "number": 1}]


def test_an_expression_that_is_always_false_is_returned_unchanged(groups):
    never = compiled(Exists(Permission.objects.none()), Group.objects.all())
    assert not Group.objects.filter(never).exists()
    assert Group.objects.filter(~never).count() == 2
