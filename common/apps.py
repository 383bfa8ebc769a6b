from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules

from common import checks  # noqa: F401 (registers them)
from common.inputs import guard_every_field


class CommonConfig(AppConfig):
    name = "common"

    def ready(self):
        guard_every_field()
        autodiscover_modules("retention", "page_links")
