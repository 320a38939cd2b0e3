"""The categories of support: one list, extended per ledger by configuration."""

from __future__ import annotations

from ledger.domain.context import Context
from ledger.domain.reading import suggestion
from ledger.errors import ClaimMalformed, FieldError


def require_category(category: str, context: Context) -> None:
    """Passes when the ledger knows the category. Raises ClaimMalformed with the nearest one."""
    if category not in context.categories:
        known = sorted(context.categories)
        detail = f"is no category here{suggestion(category, known) or '; known are ' + ', '.join(known)}"
        errors = (FieldError("/data/category", "not-a-choice", detail),)
        raise ClaimMalformed(f"/data/category {detail}", errors=errors)
