"""Database expressions that Django does not provide."""

from django.db.models import Func


class Nth(Func):
    """The nth element of an array, counted from one; NULL if it is shorter."""

    arity = 2
    template = "((%(expressions)s])"
    arg_joiner = ")["
