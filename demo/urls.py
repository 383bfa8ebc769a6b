from django.urls import path

from demo.views import demo_mail

urlpatterns = [path("demo/mail/", demo_mail, name="demo_mail")]
