import json

import pytest
from django.core.management import call_command


@pytest.fixture
def run(capsys):
    """Run a management command and return its output."""

    def run(command, /, *arguments, **options):
        call_command(command, *[str(argument) for argument in arguments], **options)
        return capsys.readouterr().out

    return run


@pytest.fixture
def made(tmp_path):
    """Write a small file: text as UTF-8, bytes as they are, anything else as JSON."""

    def made(name, content):
        path = tmp_path / name
        if isinstance(content, str):
            content = content.encode()
        elif not isinstance(content, bytes):
            content = json.dumps(content).encode()
        path.write_bytes(content)
        return path

    return made


def square(west, south, size=0.01):
    """A closed ring of longitudes and latitudes."""
    east, north = west + size, south + size
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


BOW_TIE = [[-1.4, 50.9], [-1.39, 50.91], [-1.39, 50.9], [-1.4, 50.91], [-1.4, 50.9]]


def ward(code, name, ring, year=25, **more):
    return {
        "type": "Feature",
        "properties": {f"WD{year}CD": code, f"WD{year}NM": name, **more},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def collection(*features, **more):
    return {"type": "FeatureCollection", **more, "features": list(features)}
