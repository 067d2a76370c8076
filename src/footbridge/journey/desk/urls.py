"""Addresses of Today, one person's page, and the kiosk."""

from django.urls import include, path

from footbridge.journey.desk import kiosk, recall, views

kiosk_patterns = [
    path("", kiosk.recognise, name="recognise"),
    path("mine/", kiosk.mine, name="mine"),
    path("opened/", kiosk.opened, name="opened"),
    path("phrase/", kiosk.phrase, name="phrase"),
    path("stop/", kiosk.stop, name="stop"),
    path("stop/<str:level>/", kiosk.withdraw, name="withdraw"),
    path("forget/", kiosk.forget, name="forget"),
    path("forgotten/", kiosk.forgotten, name="forgotten"),
    path("done/", kiosk.done, name="done"),
]
recall_patterns = [
    path("recall/", recall.search, name="search"),
    path("recall/cue/", recall.cue, name="cue"),
    path("people/<uuid:person_id>/recall/", recall.keep, name="keep"),
]
urlpatterns = [
    path("today/", views.today, name="today"),
    path("people/<uuid:person_id>/", views.person, name="person"),
    path("", include((recall_patterns, "recall"))),
    path("kiosk/", include((kiosk_patterns, "kiosk"))),
]
