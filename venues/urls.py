from django.urls import path

from venues.views import (
    answers,
    badges,
    duty,
    home,
    hours,
    joining,
    joining_as_organisation,
    look,
    materials,
    more_schemes,
    organisation_sign_ups,
    organisations,
    people,
    steps,
    venues,
)
from venues.views.steps import STEPS

ONE = "portal/<int:pk>/"
HOURS = f"{ONE}hours/"
PEOPLE = f"{ONE}people/"
ALL = "portal/organisations/<int:organisation_id>/"
AS_ORGANISATION = f"{ALL}schemes/<slug:scheme>/"

urlpatterns = [
    path("join/", joining.join, name="join"),
    path("join/send/", joining.ask_to_join, name="ask_to_join"),
    path("join/sent/", joining.join_sent, name="join_sent"),
    path("join/ring/", joining.ask_to_be_rung, name="ask_to_be_rung"),
    path("join/ring/thanks/", joining.ring_asked, name="ring_asked"),
    path("join/<slug:scheme>/", joining.join_one, name="join_one"),
    path("join/<str:token>/", joining.start_sign_up, name="start_sign_up"),
    path("join/<str:token>/start/", joining.start_sign_up_now, name="start_sign_up_now"),
    path("invitation/<str:token>/", people.accept_invitation, name="accept_invitation"),
    path(
        "invitation/<str:token>/join/",
        people.accept_invitation_now,
        name="accept_invitation_now",
    ),
    path("agreement/<str:token>/", answers.confirm_agreement, name="confirm_agreement"),
    path(
        "agreement/<str:token>/confirm/",
        answers.confirm_agreement_now,
        name="confirm_agreement_now",
    ),
    path("duty/<str:token>/", duty.duty_link, name="duty_link"),
    path("duty/<str:token>/hide/", duty.use_duty_link, name="use_duty_link"),
    path("look/<slug:colour>.css", look.look_css, name="look_css"),
    path("schemes/<slug:slug>/logo.png", look.scheme_logo, name="scheme_logo"),
    path("materials/<int:pk>/", materials.material, name="material"),
    path("photos/<int:pk>/", venues.venue_photo, name="venue_photo"),
    path("portal/which-venue/", joining.which_venue, name="which_venue"),
    path("portal/which-venue/new/", joining.start_another_venue, name="start_another_venue"),
    path(ALL, organisations.organisation_home, name="organisation_home"),
    path(
        "portal/which-organisation/",
        joining_as_organisation.which_organisation,
        name="which_organisation",
    ),
    path(
        "portal/which-organisation/new/",
        joining_as_organisation.start_another_organisation,
        name="start_another_organisation",
    ),
    path(f"{ALL}schemes/", organisation_sign_ups.organisation_schemes, name="organisation_schemes"),
    path(AS_ORGANISATION, organisation_sign_ups.organisation_sign_up, name="organisation_sign_up"),
    *(
        path(
            f"{AS_ORGANISATION}{key}/",
            organisation_sign_ups.edit_organisation_step,
            {"step": key},
            name=step.name,
        )
        for key, step in organisation_sign_ups.STEPS.items()
    ),
    path(
        f"{AS_ORGANISATION}start/",
        organisation_sign_ups.start_organisation_sign_up,
        name="start_organisation_sign_up",
    ),
    path(
        f"{AS_ORGANISATION}send/",
        organisation_sign_ups.submit_organisation,
        name="submit_organisation",
    ),
    path(
        f"{AS_ORGANISATION}leave/",
        organisation_sign_ups.withdraw_organisation,
        name="withdraw_organisation",
    ),
    path(
        f"{AS_ORGANISATION}leave/undo/",
        organisation_sign_ups.take_back_organisation,
        name="take_back_organisation",
    ),
    path(f"{ALL}places.csv", organisations.organisation_csv, name="organisation_csv"),
    path(f"{ALL}add/", organisations.add_branch, name="add_branch"),
    *(
        path(f"{ALL}{kind}/", organisations.edit_branch_closures, {"kind": kind}, name=name)
        for kind, name in (("days", "edit_branch_closures"), ("christmas", "edit_christmas"))
    ),
    *(
        path(f"{ALL}{kind}/add/", organisations.add_branch_closures, {"kind": kind}, name=name)
        for kind, name in (("days", "add_branch_closures"), ("christmas", "add_christmas"))
    ),
    path("portal/", home.portal_home, name="portal_home"),
    path(ONE, home.portal_home, name="portal_home"),
    path(f"{ONE}tasks/", home.sign_up, name="sign_up"),
    path(f"{ONE}check/", home.check_answers, name="check_answers"),
    path(f"{ONE}send/", home.submit_sign_up, name="submit_sign_up"),
    path(f"{ONE}sent/", home.sign_up_sent, name="sign_up_sent"),
    path(f"{ONE}history/", home.portal_history, name="portal_history"),
    path(f"{ONE}leave/", home.leave_scheme, name="leave_scheme"),
    path(f"{ONE}leave/now/", home.withdraw_sign_up, name="withdraw_sign_up"),
    path(f"{ONE}leave/undo/", home.take_back_leaving, name="take_back_leaving"),
    path(f"{ONE}again/", home.start_again, name="start_again"),
    path(f"{ONE}materials/", materials.portal_materials, name="portal_materials"),
    path(f"{ONE}sticker/", home.portal_sticker, name="portal_sticker"),
    path(f"{ONE}sticker/up/", home.mark_sticker_displayed, name="mark_sticker_displayed"),
    path(f"{ONE}point/", venues.edit_point, name="edit_point"),
    path(f"{ONE}point/save/", venues.change_point, name="change_point"),
    path(f"{ONE}point/reset/", venues.reset_point, name="reset_point"),
    path(f"{ONE}point/<slug:direction>/", venues.move_point, name="move_point"),
    path(f"{ONE}photo/", venues.edit_photo, name="edit_photo"),
    path(f"{ONE}photo/save/", venues.change_photo, name="change_photo"),
    path(HOURS, hours.edit_hours, name="edit_hours"),
    path(f"{HOURS}save/", hours.change_hours, name="change_hours"),
    path(f"{HOURS}confirm/", hours.confirm_hours, name="confirm_hours"),
    path(f"{HOURS}season/<slug:season>/", hours.edit_hours, name="edit_hours"),
    path(f"{HOURS}season/<slug:season>/save/", hours.change_hours, name="change_hours"),
    path(f"{HOURS}season/<slug:season>/remove/", hours.remove_season, name="remove_season"),
    path(f"{ONE}closed/", hours.edit_closures, name="edit_closures"),
    path(f"{ONE}closed/add/", hours.add_closure, name="add_closure"),
    path(f"{ONE}closed/<int:closure_pk>/remove/", hours.remove_closure, name="remove_closure"),
    path(f"{ONE}away/", hours.cannot_help, name="cannot_help"),
    path(f"{ONE}away/today/", hours.cannot_help_today, name="cannot_help_today"),
    path(f"{ONE}away/until/", hours.cannot_help_until, name="cannot_help_until"),
    path(f"{ONE}away/over/", hours.can_help_again, name="can_help_again"),
    path(f"{ONE}principles/", answers.edit_principles, name="edit_principles"),
    path(f"{ONE}principles/save/", answers.agree, name="agree"),
    path(f"{ONE}space/", answers.edit_space, name="edit_space"),
    path(f"{ONE}space/save/", answers.answer_criteria, name="answer_criteria"),
    path(f"{ONE}policies/", answers.edit_policies, name="edit_policies"),
    path(f"{ONE}policies/save/", answers.answer_policies, name="answer_policies"),
    path(PEOPLE, people.people, name="people"),
    path(f"{PEOPLE}add/", people.add_staff_member, name="add_staff_member"),
    path(f"{PEOPLE}<int:post_pk>/leaving/", people.leaver, name="leaver"),
    path(f"{PEOPLE}<int:post_pk>/left/", people.end_post, name="end_post"),
    path(f"{PEOPLE}<int:post_pk>/left/undo/", people.take_back_end_post, name="take_back_end_post"),
    path(f"{PEOPLE}sharing/", more_schemes.edit_sharing, name="edit_sharing"),
    path(f"{PEOPLE}sharing/save/", more_schemes.share_people, name="share_people"),
    path(
        f"{ONE}change/take-back/",
        more_schemes.take_back_venue_edit,
        name="take_back_venue_edit",
    ),
    path(f"{ONE}badges/", badges.edit_badges, name="edit_badges"),
    path(f"{ONE}badges/save/", badges.choose_badges, name="choose_badges"),
    path(f"{ONE}more/", more_schemes.more_schemes, name="more_schemes"),
    path(f"{ONE}more/<slug:scheme>/", more_schemes.review_joining, name="review_joining"),
    path(f"{ONE}more/<slug:scheme>/join/", more_schemes.join_scheme, name="join_scheme"),
    path(f"{ONE}members/", people.members, name="members"),
    path(f"{ONE}members/<int:membership_pk>/", people.edit_member, name="edit_member"),
    path(f"{ONE}members/<int:membership_pk>/save/", people.change_member, name="change_member"),
    path(f"{ONE}members/<int:membership_pk>/remove/", people.remove_member, name="remove_member"),
    path(f"{ONE}members/invite/", people.invite_member, name="invite_member"),
    *(path(f"{ONE}{key}/", steps.edit_step, {"step": key}, name=f"edit_{key}") for key in STEPS),
    *(
        path(f"{ONE}{key}/save/", steps.change_step, {"step": key}, name=f"change_{key}")
        for key in STEPS
    ),
]
