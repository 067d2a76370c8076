"""Addresses at which instruments are loaded from files and saved as files."""

from django.urls import path

from footbridge.journey.assessments.exchange import views
from footbridge.journey.assessments.exchange.files import Shape

app_name = "instruments"
_ONE = "instruments/<slug:instrument>/<int:version>"
urlpatterns = [
    path("instruments/files/", views.shapes, name="files"),
    path("instruments/load/", views.load, name="load"),
    path("instruments/load/look/", views.look, name="look"),
    path(f"{_ONE}/redcap.csv", views.save, {"shape": Shape.REDCAP.value}, name="redcap"),
    path(f"{_ONE}/redcap.zip", views.save, {"shape": Shape.REDCAP_ZIP.value}, name="redcap_zip"),
    path(f"{_ONE}/xlsform.xlsx", views.save, {"shape": Shape.XLSFORM.value}, name="xlsform"),
    path(f"{_ONE}/questionnaire.json", views.save, {"shape": Shape.FHIR.value}, name="fhir"),
]
