"""The workbench as somebody at the keyboard and mouse uses it."""

from pathlib import Path

from playwright.sync_api import Locator, Page, expect

SCREENSHOTS = Path(__file__).parents[2] / "build" / "screenshots"


class Desk:
    """One open page of the workbench."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address

    def open(self, fragment: str = "") -> "Desk":
        self.page.goto(f"{self.address}/{fragment}")
        expect(self.page.locator("html[data-ready=yes]")).to_be_attached()
        return self

    def choose(self, patient: str) -> "Desk":
        """Chooses the patient of that id, once the list has come."""
        person = self.page.locator(f"input[name=patient][value={patient}]")
        expect(person).to_be_attached()
        person.check()
        return self

    def hook(self, name: str) -> "Desk":
        self.page.locator(f"input[name=hook][value={name}]").check()
        return self

    def order(self, drug: str) -> "Desk":
        self.page.get_by_label("Drug, or RxNorm code").fill(drug)
        self.page.get_by_role("button", name="Add", exact=True).click()
        return self

    def fire(self) -> "Desk":
        self.page.get_by_role("button", name="Fire").click()
        expect(self.status).not_to_have_text("Firing ...")
        return self

    def tab(self, name: str) -> Locator:
        """Brings a panel up; gives it."""
        self.page.get_by_role("tab", name=name).click()
        panel = self.page.locator(f"#panel-{'trace' if name == 'Why' else name.lower()}")
        expect(panel).to_be_visible()
        return panel

    @property
    def status(self) -> Locator:
        return self.page.locator("#status")

    @property
    def cards(self) -> Locator:
        return self.page.locator("#panel-cards .card")

    def photograph(self, name: str) -> None:
        """Keeps what the page looks like, for whoever wants to see it."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png")
