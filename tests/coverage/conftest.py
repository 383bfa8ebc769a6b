"""Files made on the fly, and fixtures that run the import."""

import json

import pytest
from django.core.management import CommandError, call_command

from coverage.models import OtherPlace, OtherPlaceHours, Source
from geography.models import Postcode


@pytest.fixture
def made(tmp_path):
    """Write a small file: text as UTF-8, bytes as they are, anything else as JSON."""

    def made(content, name="places.csv"):
        path = tmp_path / name
        if isinstance(content, str):
            content = content.encode()
        elif not isinstance(content, bytes):
            content = json.dumps(content).encode()
        path.write_bytes(content)
        return path

    return made


@pytest.fixture
def take(made, capsys):
    """Import `content` as a list and return the messages."""

    def take(content, name="places.csv", **options):
        call_command(
            "import_other_places", str(made(content, name)), **{"source": "List", **options}
        )
        return capsys.readouterr().out

    return take


@pytest.fixture
def refuse(made):
    """Return the error with which `content` is refused; checks that nothing changed."""

    def refuse(content, name="places.csv", **options):
        def kept():
            return [list(model.objects.values()) for model in (Source, OtherPlace, OtherPlaceHours)]

        before = kept()
        with pytest.raises(CommandError) as refused:
            call_command(
                "import_other_places", str(made(content, name)), **{"source": "L", **options}
            )
        assert kept() == before
        return str(refused.value)

    return refuse


@pytest.fixture
def postcode():
    """SO14 0AA, a known postcode."""
    return Postcode.objects.create(
        postcode="SO14 0AA", outward="SO14", quality=10, point="SRID=27700;POINT(442000 112000)"
    )
