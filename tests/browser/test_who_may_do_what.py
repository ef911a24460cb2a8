"""Who may do what, in a real browser: from a mistyped number to a mandate that has ended."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from declarations.demo.orders import COMMITTED_PAPERS
from tests.browser.portal import Portal
from tests.browser.steps import (
    add_product,
    begin,
    fill_in,
    open_case,
    sign_up,
    state_company,
    submit,
    verify,
    wait_for_text,
)
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.timeout(300)]
# The simulated register knows this number under another name (accounts/reference/registry.csv).
COMPANY, IN_THE_REGISTER = "Kestrel Homewares Pte Ltd", "Kestrel Home Goods Pte Ltd"
NUMBER, MISTYPED = "201962819E", "201962819D"


def test_a_company_is_verified_and_its_agent_lodges_until_the_mandate_ends(
    portal: Portal, browser: Browser, pictures: Path
) -> None:
    seller, officer, agent = (
        Visitor(browser, address=portal.address, pictures=pictures) for _person in range(3)
    )
    sign_up(seller)
    register(seller)
    officer.sign_in(*portal.login_of("customs officer"))
    ask(officer)
    answer(seller)
    officer.go("/verifications/")
    open_case(officer, company=COMPANY)
    assert "The name was changed in March" in officer.text()
    officer.look("43-answered")
    verify(officer)
    wait_for_text(seller, "/organisation/", "Verified until")
    seller.look("44-verified")
    seller.look_in_chinese("44-verified")
    agent.sign_in(*portal.login_of("agent"))
    appoint(seller, reference=reference_of(agent))
    accept(agent)
    reference = lodge(agent, portal)
    end(seller)
    assert_gone(agent, reference)
    complaints = seller.complaints + officer.complaints + agent.complaints
    assert not complaints, "\n".join(complaints)


def register(seller: Visitor) -> None:
    """A mistyped number is explained beside its field; the right one goes to the register."""
    state_company(seller, name=COMPANY, number=MISTYPED)
    field = seller.page.locator("[name=registration_number]")
    described = field.get_attribute("aria-describedby") or ""
    notes = " ".join(seller.page.locator(f"#{name}").inner_text() for name in described.split())
    assert field.get_attribute("aria-invalid") == "true"
    assert "check digit" in notes
    assert "AC-03" in notes
    assert seller.value("contact_name") == "Noor Rahman"
    seller.look("40-number-mistyped")
    seller.look_in_chinese("40-number-mistyped")
    papers = dict.fromkeys(("licence", "identity_document"), str(COMMITTED_PAPERS / "company-extract.pdf"))
    seller.fill({"registration_number": NUMBER, **papers})
    seller.press("Send for verification")
    wait_for_text(seller, "/organisation/", "With an officer")


def ask(officer: Visitor) -> None:
    """The officer sees that the register names the company otherwise, and asks."""
    open_case(officer, company=COMPANY)
    assert IN_THE_REGISTER in officer.text()
    officer.look("41-register-differs")
    officer.look_in_chinese("41-register-differs")
    officer.follow("Ask")
    officer.fill({"text": f"The register says {IN_THE_REGISTER}. Why is your name another one?"})
    officer.press("Send the question")


def answer(seller: Visitor) -> None:
    """The seller reads the question on its page and answers with a paper."""
    wait_for_text(seller, "/organisation/", "Why is your name another one?")
    seller.look("42-question")
    seller.look_in_chinese("42-question")
    extract = str(COMMITTED_PAPERS / "company-extract.pdf")
    seller.fill({"answer": "The name was changed in March; the extract shows both.", "answer_file": extract})
    seller.press("Send the answer")
    assert "With an officer" in seller.text()


def reference_of(agent: Visitor) -> str:
    """Return the agent's reference as its own page tells it."""
    agent.go("/organisation/")
    return agent.page.locator("text=/ORG-\\d\\d-\\w+/").first.inner_text().split()[-1]


def appoint(seller: Visitor, *, reference: str) -> None:
    """The owner gives the agent a mandate for China."""
    seller.go("/organisation/agents/")
    seller.fill({"agent": reference, "value_limit": "5000", "value_currency": "CNY"})
    seller.look("45-appoint")
    seller.look_in_chinese("45-appoint")
    seller.press("Give the mandate")
    seller.look("46-mandate-waits")


def accept(agent: Visitor) -> None:
    """The agent finds the mandate on its desk, reads it and accepts."""
    agent.go("/desk/")
    agent.look("47-desk")
    agent.look_in_chinese("47-desk")
    agent.follow(COMPANY)
    agent.look("48-mandate")
    agent.press("Accept the mandate")
    agent.go("/desk/")
    agent.look("49-desk-with-client")


def lodge(agent: Visitor, portal: Portal) -> str:
    """The agent keeps to this client, and declares for it."""
    agent.go("/desk/")
    row = agent.page.locator("tr", has_text=COMPANY)
    with agent.page.expect_navigation():
        row.get_by_role("button", name="All declarations").click()
    assert COMPANY in agent.page.locator("header").first.inner_text()
    add_product(agent)
    reference = begin(agent, lrn="KESTREL-0001")
    fill_in(agent)
    submit(agent)
    assert portal.status_of(reference) == "accepted"
    named = (
        "SELECT count(*) FROM events_event AS event JOIN declarations_declaration AS lodged"
        " ON lodged.id = event.subject_id JOIN accounts_mandate AS mandate ON mandate.id = lodged.mandate_id"
        " WHERE event.subject_kind = 'declaration' AND lodged.reference = %s"
        " AND event.kind IN ('declaration.drafted', 'declaration.accepted')"
        " AND event.actor LIKE '%% ' || mandate.reference"
    )
    assert portal.one(named, reference) == 2
    return reference


def end(seller: Visitor) -> None:
    """The seller ends the mandate."""
    seller.go("/organisation/agents/")
    seller.page.locator("#mandates tbody a").first.click()
    seller.page.on("dialog", lambda dialog: dialog.accept())
    seller.press("End the mandate at once")
    seller.look("50-mandate-ended")


def assert_gone(agent: Visitor, reference: str) -> None:
    """At the next click the agent finds nothing any more, and nothing of the client anywhere."""
    answer = agent.page.goto(f"{agent.address}/declarations/{reference}/")
    assert answer is not None
    assert answer.status == 404
    for path in ("/declarations/", "/products/", "/overview/"):
        agent.go(path)
        assert reference not in agent.page.content()
        assert COMPANY not in agent.page.content()
    # The browser's console tells of the 404 that was asked for.
    agent.complaints[:] = [one for one in agent.complaints if "404" not in one]
