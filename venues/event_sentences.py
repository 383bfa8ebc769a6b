"""The sentence shown for each event kind. Each app adds its own in its `history.py`."""

from django.utils.translation import gettext

_sentences: dict[str, str] = {}


def add_sentences(sentences: dict) -> None:
    """Register kind -> sentence. A sentence may use the event's data as %(key)s."""
    for kind, words in sentences.items():
        if kind in _sentences:
            raise ValueError(f"The event {kind} has two sentences.")
        _sentences[kind] = words


def has_sentence(kind: str) -> bool:
    return kind in _sentences


class _Known(dict):
    """Substitutes a question mark for data that an old event did not record."""

    def __missing__(self, key):
        return "?"


def sentence(event) -> str:
    """What happened, in plain words, without who and when."""
    words = _sentences.get(event.kind)
    if words is None:
        return gettext("Something was recorded (%(kind)s).") % {"kind": event.kind}
    return str(words) % _Known(event.data)
