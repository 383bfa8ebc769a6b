from django.urls import path

from common import views

urlpatterns = [
    path("styleguide/", views.styleguide, name="styleguide"),
    path("logo/", views.installation_logo, name="installation_logo"),
]
