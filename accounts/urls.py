from django.urls import path

from accounts import views

urlpatterns = [
    path("", views.your_account, name="your_account"),
    path("details/", views.change_details, name="change_details"),
]
