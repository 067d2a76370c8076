"""Addresses of the plans room."""

from django.urls import path

from footbridge.journey.plans import views

app_name = "plans"
_ROOM = "people/<uuid:person_id>/plans/"
urlpatterns = [
    path(_ROOM, views.plan, name="plan"),
    path(f"{_ROOM}strength/", views.strength, name="strength"),
    path(f"{_ROOM}goal/", views.goal, name="goal"),
    path(f"{_ROOM}goal/<uuid:goal_id>/objective/", views.objective, name="objective"),
    path(f"{_ROOM}objective/<uuid:objective_id>/move/", views.move, name="move"),
    path(f"{_ROOM}<uuid:entry>/correct/", views.correct, name="correct"),
]
