from django.urls import path

from training.admin import cover, in_room, registers, results, telephone
from training.views import bookings, certificates, feedback, learning, pictures, portal, sessions

PORTAL = "portal/training/<int:sign_up_id>/"
BOOKING = f"{PORTAL}bookings/<int:booking_id>/"
SEAT = "training/bookings/<str:token>/"
ONE = f"{PORTAL}enrolments/<int:enrolment_id>/"

urlpatterns = [
    path("learn/", learning.learn, name="learn"),
    path("learn/code/", learning.open_with_code, name="open_with_code"),
    path("learn/<str:token>/", learning.learn_module, name="learn_module"),
    path("learn/<str:token>/<int:order>/", learning.learn_section, name="learn_section"),
    path("learn/<str:token>/<int:order>/finish/", learning.finish_section, name="finish_section"),
    path("learn/<str:token>/check/", learning.learn_check, name="learn_check"),
    path("learn/<str:token>/check/keep/", learning.keep_answers, name="keep_answers"),
    path("learn/<str:token>/check/answer/", learning.take_check, name="take_check"),
    path("learn/<str:token>/papers/<slug:kind>/", learning.learn_paper, name="learn_paper"),
    path(
        "learn/<str:token>/papers/<slug:kind>/pdf/",
        learning.download_learner_paper,
        name="download_learner_paper",
    ),
    path("learn/<str:token>/result/", learning.learn_result, name="learn_result"),
    path("learn/<str:token>/certificate/", learning.learn_certificate, name="learn_certificate"),
    *results.Results().urls,
    *cover.Cover().urls,
    *registers.Register().urls,
    *telephone.Telephone().urls,
    *in_room.InRoom().urls,
    path(
        "learn/<str:token>/certificate/pdf/",
        learning.download_certificate,
        name="download_certificate",
    ),
    path("learn/<str:token>/feedback/", feedback.module_feedback, name="module_feedback"),
    path("training/feedback/given/", feedback.feedback_given, name="feedback_given"),
    path("training/feedback/<str:token>/", feedback.session_feedback, name="session_feedback"),
    path(
        "training/feedback/<str:token>/give/",
        feedback.give_session_feedback,
        name="give_session_feedback",
    ),
    path("certificates/", certificates.check_certificate, name="check_certificate"),
    path("certificates/<str:code>/", certificates.certificate, name="certificate"),
    path("training/pictures/<int:pk>/", pictures.training_picture, name="training_picture"),
    path("portal/training/", portal.training_venues, name="training_venues"),
    path("portal/training/sessions/<int:session_id>/", sessions.book_session, name="book_session"),
    path(f"{PORTAL}sessions/", sessions.training_sessions, name="training_sessions"),
    path(f"{PORTAL}sessions/<int:session_id>/", sessions.training_session, name="training_session"),
    path(f"{PORTAL}sessions/<int:session_id>/book/", sessions.book_seats, name="book_seats"),
    path(
        f"{PORTAL}sessions/<int:session_id>/calendar/",
        sessions.session_calendar,
        name="session_calendar",
    ),
    path(f"{BOOKING}name/", sessions.name_person, name="name_person"),
    path(f"{BOOKING}cancel/", sessions.cancel_booking, name="cancel_booking"),
    path(f"{BOOKING}accept/", sessions.accept_offer, name="accept_offer"),
    path(f"{BOOKING}decline/", sessions.decline_offer, name="decline_offer"),
    path(f"{PORTAL}interest/", sessions.interest, name="interest"),
    path(f"{PORTAL}interest/register/", sessions.register_interest, name="register_interest"),
    path(
        f"{PORTAL}interest/<int:interest_id>/withdraw/",
        sessions.withdraw_interest,
        name="withdraw_interest",
    ),
    path(PORTAL, portal.training_home, name="training_home"),
    path(f"{PORTAL}modules/<slug:module>/", portal.training_module, name="training_module"),
    path(
        f"{PORTAL}modules/<slug:module>/papers/<slug:kind>/",
        portal.training_paper,
        name="training_paper",
    ),
    path(
        f"{PORTAL}modules/<slug:module>/papers/<slug:kind>/pdf/",
        portal.download_training_paper,
        name="download_training_paper",
    ),
    path(f"{PORTAL}<slug:module>/enrol/", portal.enrol_person, name="enrol_person"),
    path(
        f"{PORTAL}<slug:module>/people/<int:staff_member_id>/enrol/",
        portal.enrol_staff_member,
        name="enrol_staff_member",
    ),
    path(ONE, portal.hand_over_training, name="hand_over_training"),
    path(
        f"{PORTAL}certificates/<int:enrolment_id>/",
        portal.staff_certificate,
        name="staff_certificate",
    ),
    path(
        f"{PORTAL}certificates/<int:enrolment_id>/reissue/",
        portal.reissue_certificate,
        name="reissue_certificate",
    ),
    path(f"{ONE}send/", portal.send_training_link, name="send_training_link"),
    path(f"{ONE}renew/", portal.renew_training_link, name="renew_training_link"),
    path("training/sessions/", bookings.sessions, name="sessions"),
    path("training/sessions/<int:session_id>/", bookings.session, name="session"),
    path("training/sessions/<int:session_id>/book/", bookings.book_for_yourself, name="book_place"),
    path(
        "training/sessions/<int:session_id>/book/ask/",
        bookings.ask_for_seat,
        name="ask_for_seat",
    ),
    path(
        "training/sessions/<int:session_id>/book/sent/", bookings.seat_link_sent, name="seat_sent"
    ),
    path("training/seats/<str:token>/", bookings.confirm_seat, name="confirm_seat"),
    path("training/seats/<str:token>/now/", bookings.confirm_seat_now, name="confirm_seat_now"),
    path("training/interest/", bookings.interest_for_all, name="interest_for_all"),
    path(
        "training/interest/register/",
        bookings.register_interest_for_all,
        name="register_interest_for_all",
    ),
    path("training/interest/thanks/", bookings.interest_registered, name="interest_registered"),
    path("training/interest/<str:token>/", bookings.leave_interest, name="leave_interest"),
    path("training/interest/<str:token>/delete/", bookings.delete_interest, name="delete_interest"),
    path(SEAT, bookings.training_booking, name="training_booking"),
    path(f"{SEAT}accept/", bookings.accept_by_link, name="accept_by_link"),
    path(f"{SEAT}decline/", bookings.decline_by_link, name="decline_by_link"),
    path(f"{SEAT}give-up/", bookings.give_up_by_link, name="give_up_by_link"),
    path(f"{SEAT}forget/", bookings.forget_by_link, name="forget_by_link"),
    path(f"{SEAT}calendar/", bookings.calendar_by_link, name="calendar_by_link"),
]
