"""The papers for CODI, the municipality, the province and the provincial office, of the loaded demonstration."""

import pytest

from office.roles import Role
from tests.factories import make_user
from tests.reports.conftest import client_of

PAGES = {
    "/funders/": {"registrar", "committee", "treasurer", "auditor"},
    "/funders/codi-status/": {"registrar", "committee", "treasurer", "auditor"},
    "/funders/codi-status/questions/": {"registrar", "treasurer"},
}


@pytest.mark.parametrize("address", PAGES)
def test_each_page_opens_for_its_roles_and_for_no_other(fund, address) -> None:
    answers = {role: client_of(make_user(role)).get(address).status_code for role in Role.values}
    assert answers == {role: 200 if role in PAGES[address] else 403 for role in Role.values}
