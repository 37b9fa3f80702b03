"""Programs as the steps of a registration: JSON on stdin, JSON on stdout, and an exit status.

`ProgramSteps` describes what a program reads and writes.
"""

from rsspot.registration.programs.child import Stopped
from rsspot.registration.programs.command import Program
from rsspot.registration.programs.steps import ProgramSteps

__all__ = ["Program", "ProgramSteps", "Stopped"]
