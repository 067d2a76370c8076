"""Addresses of the plans room."""

from django.urls import path

from footbridge.journey.plans import views, views_crisis
from footbridge.journey.plans.rules import CrisisPlan

app_name = "plans"
_ROOM = "people/<uuid:person_id>/plan/"
_SAFETY, _OVERDOSE = {"which": CrisisPlan.SAFETY}, {"which": CrisisPlan.OVERDOSE}
urlpatterns = [
    path(_ROOM, views.plan, name="plan"),
    path(f"{_ROOM}strength/", views.strength, name="strength"),
    path(f"{_ROOM}goal/", views.goal, name="goal"),
    path(f"{_ROOM}goal/<uuid:goal_id>/objective/", views.objective, name="objective"),
    path(f"{_ROOM}objective/<uuid:objective_id>/move/", views.move, name="move"),
    path(f"{_ROOM}objective/<uuid:objective_id>/drop/", views.drop, name="drop"),
    path(f"{_ROOM}goal/<uuid:goal_id>/close/", views.close, name="close"),
    path(f"{_ROOM}goal/<uuid:goal_id>/reopen/", views.reopen, name="reopen"),
    path(f"{_ROOM}undo/", views.undo, name="undo"),
    path(f"{_ROOM}paper/", views_crisis.paper, name="paper"),
    path("kiosk/plan/", views_crisis.mine, name="mine"),
    path(f"{_ROOM}safety/", views_crisis.show, _SAFETY, name="safety"),
    path(f"{_ROOM}safety/step/", views_crisis.step, _SAFETY, name="safety_step"),
    path(f"{_ROOM}overdose/", views_crisis.show, _OVERDOSE, name="overdose"),
    path(f"{_ROOM}overdose/step/", views_crisis.step, _OVERDOSE, name="overdose_step"),
    path(f"{_ROOM}<uuid:entry>/correct/", views.correct, name="correct"),
]
