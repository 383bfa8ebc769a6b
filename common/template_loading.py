"""Strip template indentation from pages: it helps readers of the source, not phones.

Line breaks are kept, so errors still name the right line. `.txt` templates are unchanged: in a
letter every space counts.
"""

import re

from django.template.loaders import filesystem

INDENTATION = re.compile(r"^[ \t]+", re.MULTILINE)


class Loader(filesystem.Loader):
    """The templates folder, with pages stripped of indentation.

    A page's own text must not depend on indentation: no <pre>, and a {% blocktranslate %} over
    several lines is `trimmed`; `tests/common/test_template_loading.py` checks both.
    """

    def get_contents(self, origin) -> str:
        source = super().get_contents(origin)
        return INDENTATION.sub("", source) if origin.template_name.endswith(".html") else source
