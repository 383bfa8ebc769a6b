"""The documentation matches the repository."""

from django.conf import settings

DOCS = settings.BASE_DIR / "docs"


def test_every_decision_record_is_in_the_index():
    index = (DOCS / "README.md").read_text(encoding="utf-8")
    missing = [
        path.name
        for path in sorted((DOCS / "decisions").glob("*.md"))
        if f"(decisions/{path.name})" not in index
    ]
    assert missing == []
