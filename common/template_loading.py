"""Templates without their indentation: it is for those who read the source, not for a telephone.

Lines stay lines, so an error still names the right one. `.txt` templates are left as they are: in a
letter every blank counts.
"""

import re

from django.template.loaders import filesystem

INDENTATION = re.compile(r"^[ \t]+", re.MULTILINE)


class Loader(filesystem.Loader):
    """The templates folder, pages without the blanks at the start of a line.

    A page's own text must not depend on them: no <pre>, and a {% blocktranslate %} over several
    lines is `trimmed`; `tests/common/test_template_loading.py` checks both.
    """

    def get_contents(self, origin) -> str:
        source = super().get_contents(origin)
        return INDENTATION.sub("", source) if origin.template_name.endswith(".html") else source
