"""Addresses of the stays room: a person's stays, and the ward."""

from django.urls import include, path

from footbridge.journey.stays import views, views_after, views_ward

_ROOM = "people/<uuid:person_id>/stays/"
stays_patterns = [
    path(_ROOM, views.of, name="of"),
    path(f"{_ROOM}admit/", views.admit, name="admit"),
    path(f"{_ROOM}extend/", views.extend, name="extend"),
    path(f"{_ROOM}move/", views.move, name="move"),
    path(f"{_ROOM}chart/", views.chart, name="chart"),
    path(f"{_ROOM}dose/", views.dose, name="dose"),
    path(f"{_ROOM}session/", views.session, name="session"),
    path(f"{_ROOM}discharge/", views.discharge, name="discharge"),
    path(f"{_ROOM}receipt/", views.receipt, name="receipt"),
    path(f"{_ROOM}contact/", views_after.contact, name="contact"),
    path(f"{_ROOM}visit/", views_after.visit, name="visit"),
    path(f"{_ROOM}step/", views_after.step, name="step"),
    path(f"{_ROOM}close/", views_after.close, name="close"),
    path(f"{_ROOM}correct/<uuid:entry>/", views.correct, name="correct"),
    path(f"{_ROOM}strike/<uuid:entry>/", views.strike, name="strike"),
]
urlpatterns = [
    path("ward/", views_ward.board, name="ward"),
    path("ward/beds/", views_ward.manage_beds, name="ward_beds"),
    path("ward/protocol/", views_ward.protocol, name="ward_protocol"),
    path("ward/tariff/", views_ward.tariff, name="ward_tariff"),
    path("ward/figures/", views_ward.ward_figures, name="ward_figures"),
    path("", include((stays_patterns, "stays"))),
]
