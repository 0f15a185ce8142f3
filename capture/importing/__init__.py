"""Bringing in a house's people, accounts and contacts. Again is harmless: what is there already is told apart."""

from capture.importing.customers import CLASSES, STATUSES
from capture.importing.folder import COLUMNS, Imported, dry_run, import_folder
from capture.importing.lines import Fault, ImportingError, Plan, Planned

__all__ = [
    "CLASSES",
    "COLUMNS",
    "STATUSES",
    "Fault",
    "Imported",
    "ImportingError",
    "Plan",
    "Planned",
    "dry_run",
    "import_folder",
]
