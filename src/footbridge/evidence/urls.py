"""Addresses of the evidence floor."""

from django.urls import path

from footbridge.evidence import views

app_name = "evidence"
urlpatterns = [
    path("", views.studies, name="studies"),
    path("new/", views.new, name="new"),
    path("people/<uuid:person_id>/", views.enrol, name="enrol"),
    path("<uuid:study_id>/", views.study, name="study"),
    path("<uuid:study_id>/analyst/", views.analyst, name="analyst"),
    path("<uuid:study_id>/outcomes.csv", views.outcomes_csv, name="csv"),
    path("<uuid:study_id>/outcomes.svg", views.outcomes_svg, name="svg"),
]
