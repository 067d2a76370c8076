"""Addresses of the people room."""

from django.urls import include, path

from footbridge.journey.people import views

inner = [
    path("enrol/", views.enrol, name="enrol"),
    path("take-in/", views.take_in, name="take_in"),
    path("<uuid:person_id>/words/", views.words, name="words"),
    path("<uuid:person_id>/practise/", views.practise, name="practise"),
    path("<uuid:person_id>/new-phrase/", views.new_phrase, name="new_phrase"),
    path("<uuid:person_id>/join/", views.join_team, name="join_team"),
    path("<uuid:person_id>/team/", views.team, name="team"),
    path("<uuid:person_id>/team/<uuid:staff_id>/leave/", views.leave_team, name="leave_team"),
    path("<uuid:person_id>/transfer/", views.make_transfer, name="make_transfer"),
    path("<uuid:person_id>/transfer/code/", views.transfer_code, name="transfer_code"),
    path("<uuid:person_id>/transfer/file/", views.transfer_file, name="transfer_file"),
    path("<uuid:person_id>/recover/", views.recover, name="recover"),
]
urlpatterns = [
    path("people/", views.people, name="people"),
    path("people/", include((inner, "people"))),
]
