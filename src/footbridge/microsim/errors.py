"""Errors of the microsimulation: what happened, why, and what to do next."""


class MicrosimError(Exception):
    """Base of every refusal in this library; its text has three parts."""


class ParameterError(MicrosimError):
    """A parameter is unknown or outside its stated range."""


class ScenarioError(MicrosimError):
    """A scenario file cannot be read; the text names the line and what is allowed."""


class TargetError(MicrosimError):
    """A target has no observable, or an observable cannot be formed from a run."""


class CalibrationError(MicrosimError):
    """A calibration log does not belong to the calibration that wants to resume it."""
