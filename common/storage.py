"""Static files under names that carry a hash of their content, ES module imports included."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class ManifestStorage(CompressedManifestStaticFilesStorage):
    """An import or a `url()` that leads nowhere stops `collectstatic`, not a visitor's page.

    References to source maps are left as they are: packages refer to maps that they do not ship.
    """

    support_js_module_import_aggregation = True
    patterns = tuple(
        (
            extension,
            tuple(rule for rule in rules if "sourceMappingURL" not in "".join(rule)),
        )
        for extension, rules in CompressedManifestStaticFilesStorage.patterns
    )
