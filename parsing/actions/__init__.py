"""Actions: what a message says is still to be done by us, until when, and by which colleague.

A text is cut into units (`units`), each is judged by what its words show (`signs`, `judging`), colleagues are named
(`people`, `assigning`), and what is left of an action's words without its date is its text (`wording`).
"""

from parsing.actions.finding import find_actions

__all__ = ["find_actions"]
