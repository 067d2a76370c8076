"""Addresses of the evidence floor."""

from django.urls import path

from footbridge.evidence import views
from footbridge.evidence.extracts import views as extracts
from footbridge.evidence.reports import views as reports

app_name = "evidence"
urlpatterns = [
    path("", views.studies, name="studies"),
    path("new/", views.new, name="new"),
    path("reports/", reports.catalogue, name="reports"),
    path(
        "reports/<slug:report>/<slug:quarter>/<slug:copy>/",
        reports.preview,
        name="report",
    ),
    path("releases/", reports.ledger, name="ledger"),
    path("releases/<uuid:release_id>/", reports.release, name="release"),
    path("releases/<uuid:release_id>/table.csv", reports.release_csv, name="release_csv"),
    path("people/<uuid:person_id>/", views.enrol, name="enrol"),
    path("<uuid:study_id>/", views.study, name="study"),
    path("<uuid:study_id>/extracts/", extracts.extracts, name="extracts"),
    path("extracts/<uuid:extract_id>/", extracts.extract, name="extract"),
    path("<uuid:study_id>/analyst/", views.analyst, name="analyst"),
    path("<uuid:study_id>/outcomes.csv", views.outcomes_csv, name="csv"),
    path("<uuid:study_id>/outcomes.svg", views.outcomes_svg, name="svg"),
]
