from django.apps import AppConfig


class TasksConfig(AppConfig):
    name = "common.tasks"
    label = "tasks"
