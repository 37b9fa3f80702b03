"""Conditions: what a controller last found out about an object."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rsspot.models import fields as field
from rsspot.models.view import View

if TYPE_CHECKING:
    from rsspot_api import models  # noqa: F401 - in the text of a base class

__all__ = ["Condition"]


class Condition(View["models.Condition"], model="Condition"):
    """One condition in the way of the Cluster API; `status` is True, False or Unknown, as text."""

    shown = ("type", "status", "reason")

    type = field.text("type")
    status = field.text("status")
    reason = field.text("reason")
    message = field.text("message")
    severity = field.text("severity")
    changed_at = field.moment("lastTransitionTime")
