from django.apps import AppConfig

from common.inputs import guard_every_field


class CommonConfig(AppConfig):
    name = "common"

    def ready(self):
        guard_every_field()
