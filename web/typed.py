"""What somebody typed into a form of ours."""

from typing import Annotated

from fastapi import Depends, HTTPException, Request

MOST_FIELDS = 300
LONGEST = 20_000
"""Characters of one field."""


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a form by name, the last of each; files are left out (a FastAPI dependency)."""
    form = await request.form(max_files=0, max_fields=MOST_FIELDS)
    fields = {name: value for name, value in form.items() if isinstance(value, str)}
    if any(len(value) > LONGEST for value in fields.values()):
        raise HTTPException(413, "A field of this form is too long.")
    return fields


Typed = Annotated[dict[str, str], Depends(read_form)]
