"""The use cases of a report: taken in, filed, answered, corrected."""

from capture.assistant import Assistant, Receipt
from capture.fixing import FixError, MeanwhileError
from capture.values import CorrectionError

__all__ = ["Assistant", "CorrectionError", "FixError", "MeanwhileError", "Receipt"]
