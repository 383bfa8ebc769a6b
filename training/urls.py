from django.urls import path

from training.admin import cover
from training.views import learning, pictures, portal

PORTAL = "portal/training/<int:sign_up_id>/"
ONE = f"{PORTAL}enrolments/<int:enrolment_id>/"

urlpatterns = [
    path("learn/", learning.learn, name="learn"),
    path("learn/code/", learning.open_with_code, name="open_with_code"),
    path("learn/<str:token>/", learning.learn_module, name="learn_module"),
    path("learn/<str:token>/<int:order>/", learning.learn_section, name="learn_section"),
    path("learn/<str:token>/<int:order>/finish/", learning.finish_section, name="finish_section"),
    path("learn/<str:token>/check/", learning.learn_check, name="learn_check"),
    path("learn/<str:token>/check/answer/", learning.take_check, name="take_check"),
    path("learn/<str:token>/result/", learning.learn_result, name="learn_result"),
    path("learn/<str:token>/certificate/", learning.learn_certificate, name="learn_certificate"),
    path("admin/training/cover/", cover.training_cover, name="training_cover"),
    path("admin/training/cover/export/", cover.export_shortages, name="export_shortages"),
    path("admin/training/cover/wards/export/", cover.export_wards, name="export_wards"),
    path("admin/training/cover/look/", cover.look_at_invitations, name="look_at_invitations"),
    path("admin/training/cover/invite/", cover.invite_to_training, name="invite_to_training"),
    path("training/pictures/<int:pk>/", pictures.training_picture, name="training_picture"),
    path("portal/training/", portal.training_venues, name="training_venues"),
    path(PORTAL, portal.training_home, name="training_home"),
    path(f"{PORTAL}modules/<slug:module>/", portal.training_module, name="training_module"),
    path(f"{PORTAL}<slug:module>/enrol/", portal.enrol_person, name="enrol_person"),
    path(
        f"{PORTAL}<slug:module>/people/<int:staff_member_id>/enrol/",
        portal.enrol_staff_member,
        name="enrol_staff_member",
    ),
    path(ONE, portal.hand_over_training, name="hand_over_training"),
    path(f"{ONE}send/", portal.send_training_link, name="send_training_link"),
    path(f"{ONE}renew/", portal.renew_training_link, name="renew_training_link"),
]
