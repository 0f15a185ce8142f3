"""The use cases of a report: taken in, filed, answered, corrected."""

from capture.assistant import Assistant, CorrectionError, Receipt

__all__ = ["Assistant", "CorrectionError", "Receipt"]
