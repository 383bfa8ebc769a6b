from django.urls import path

from accounts import views

urlpatterns = [
    path("", views.your_account, name="your_account"),
    path("details/", views.change_details, name="change_details"),
    path("sessions/end/", views.end_other_sessions, name="end_other_sessions"),
    path("take-back/<str:token>/", views.take_back_address, name="take_back_address"),
    path("take-back/<str:token>/now/", views.take_back_address_now, name="take_back_address_now"),
]
