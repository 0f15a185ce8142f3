"""The companies' messages, read once for all tests of this folder."""

import pytest

from tests.cases import Company, Reading, companies


@pytest.fixture(scope="session")
def readings() -> dict[str, list[Reading]]:
    """By company, every case with its message as it is understood now."""
    return {company.name: list(company.readings()) for company in companies()}


@pytest.fixture(params=companies(), ids=lambda company: company.name)
def company(request: pytest.FixtureRequest) -> Company:
    """Each company in turn."""
    one: Company = request.param
    return one
