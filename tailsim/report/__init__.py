"""The main job: its numbers as a frozen result, and that result as text for people and JSON for machines."""

from .answers import Report
from .case import Case, case_for_failure
from .json_form import as_json
from .past import past_report
from .text import as_text
from .venture import venture_report

__all__ = ["Case", "Report", "as_json", "as_text", "case_for_failure", "past_report", "venture_report"]
