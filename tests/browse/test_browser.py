"""The pages in a real browser, Chromium: what a reader does, and that scraped markup does nothing."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.browse.conftest import HOSTILE, SCRIPT_URL, Shelf
from tests.browse.test_command import browsing

api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: `make .venv/ready` installs it")

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium here (Debian: apt-get install chromium)")
OPTIONS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)
SHOTS = os.environ.get("INGEST_SCREENSHOTS")
"""A folder in which the tests leave pictures of what they have seen."""
REFUND = "incidents/incidents/example~3Arefund-bot"


@dataclass
class Visit:
    """A tab, and everything that a quiet page does not do."""

    page: api.Page
    address: str
    trouble: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("dialog", lambda dialog: (self.trouble.append(f"dialog {dialog.message}"), dialog.dismiss()))
        self.page.on("console", lambda message: self.trouble.append(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.trouble.append(f"error: {error}"))
        self.page.on("request", self._check)

    def go(self, path: str) -> None:
        answer = self.page.goto(self.address + path)
        assert answer is not None
        assert answer.status == 200, path

    def picture(self, name: str) -> None:
        if SHOTS:
            self.page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)

    def _check(self, request: api.Request) -> None:
        if not request.url.startswith((self.address, "data:")):
            self.trouble.append(f"request to {request.url}")


@pytest.fixture(scope="module")
def address(shelf: Shelf) -> Iterator[str]:
    with browsing(shelf.settings.data) as (_, line):
        match = re.search(r"http://\S+", line)
        assert match, line
        yield match[0]


@pytest.fixture(scope="module")
def browser() -> Iterator[api.Browser]:
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(OPTIONS))
        yield browser
        browser.close()


@pytest.fixture
def visit(browser: api.Browser, address: str) -> Iterator[Visit]:
    context = browser.new_context(viewport={"width": 1200, "height": 850})
    visit = Visit(context.new_page(), address)
    yield visit
    context.close()
    assert visit.trouble == []


def test_a_search_leads_to_the_incident(visit: Visit) -> None:
    visit.go("")
    visit.picture("front")
    visit.page.get_by_label("Search titles, summaries and full texts").fill("promise a refund")
    visit.page.keyboard.press("Enter")
    visit.picture("search")
    visit.page.get_by_role("link", name="A chatbot promises a refund").click()
    assert visit.page.get_by_role("heading", level=1).inner_text() == "A chatbot promises a refund"
    assert visit.page.url == visit.address + REFUND


def test_facets_narrow_the_list_and_are_given_up_again(visit: Visit) -> None:
    visit.go("incidents/incidents")
    severity = visit.page.locator('[data-facet="severity"]')
    severity.get_by_role("link", name="low").click()
    assert visit.page.get_by_role("status").inner_text().startswith("19 incidents where")
    visit.page.locator('[data-facet="date_occurred"]').get_by_role("link", name="2020").click()
    assert visit.page.get_by_role("status").inner_text().startswith("1 incident where")
    visit.picture("facets")
    visit.page.get_by_role("link", name="Give up low").click()
    assert visit.page.get_by_role("status").inner_text().startswith("3 incidents where")


def test_a_tag_leads_to_the_incidents_that_have_it(visit: Visit) -> None:
    visit.go(REFUND)
    visit.page.get_by_role("link", name="chatbot", exact=True).click()
    assert visit.page.get_by_role("status").inner_text().startswith("1 incident where")


def test_the_history_shows_the_words_and_leads_to_the_version(visit: Visit) -> None:
    visit.go(REFUND)
    visit.picture("incident")
    version = visit.page.locator("#version-2")
    assert version.locator("del").all_inner_texts() == ["five"]
    assert version.locator("ins").all_inner_texts() == ["seven"]
    version.get_by_role("link", name="version 2").click()
    assert '"description": "The bot promised seven dollars' in visit.page.locator("pre").inner_text()
    visit.page.get_by_role("link", name="example:refund-bot").click()
    assert visit.page.url == visit.address + REFUND


def test_the_dashboard_draws_and_its_bars_lead_on(visit: Visit) -> None:
    visit.go("dashboard")
    visit.picture("dashboard")
    drawn = visit.page.locator("svg.columns rect.part")
    boxes = [drawn.nth(place).bounding_box() for place in range(drawn.count())]
    assert len(boxes) > 20
    assert all(box and box["width"] > 3 and box["height"] >= 1 for box in boxes)
    visit.page.locator("#providers").get_by_role("link", name="Northwind AI").click()
    assert visit.page.get_by_role("status").inner_text().startswith("1 incident where")


def test_the_changes_lead_to_older_ones(visit: Visit) -> None:
    visit.go("changes")
    visit.picture("changes")
    visit.page.get_by_role("link", name="Older changes").click()
    assert "cursor 1\n" in visit.page.locator("main").inner_text() + "\n"


def test_a_query_of_ones_own_runs(visit: Visit) -> None:
    visit.go("incidents")
    visit.page.get_by_label("A query of your own, read only").fill("SELECT 6 * 7 AS answer")
    visit.page.get_by_role("button", name="Run").click()
    assert visit.page.locator("td").all_inner_texts() == ["42"]


def test_markup_from_a_site_is_text(visit: Visit) -> None:
    for path in (
        *("", "changes", "changes?before=3", "dashboard", "incidents/incidents?_search=alert"),
        *("incidents/incidents/example~3Ahostile", "incidents/incident_versions/2", "incidents/incident_citations"),
        *("incidents/recent_changes", "incidents/labels_that_no_field_takes", "incidents/incident_tags"),
        "incidents?sql=select+title,+citations,+extra,+tags+from+incidents",
    ):
        visit.go(path)
        visit.page.mouse.move(300, 120)
        assert visit.page.locator("script, img, iframe, object, embed").count() == 0
        targets = visit.page.locator("main a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
        assert [target for target in targets if not re.match(r"/|\?|#|https?://", target)] == [], path
        if path.endswith("hostile"):
            visit.picture("hostile")
            assert visit.page.get_by_role("heading", level=1).inner_text() == HOSTILE
            assert SCRIPT_URL in visit.page.locator("main").inner_text()
        assert visit.trouble == [], path


IMAGE_IS_DONE = """
() => new Promise(done => {
  const image = document.images[0];
  image.complete ? done() : image.addEventListener("error", () => done());
})
"""
"""The page's policy forbids the polling of Playwright's own `wait_for_function`."""


def test_the_browser_itself_refuses_a_script(visit: Visit) -> None:
    visit.go("")
    visit.page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"alert(1)\">')")
    visit.page.evaluate(IMAGE_IS_DONE)
    assert [line for line in visit.trouble if line.startswith("dialog")] == []
    assert any("Content Security Policy" in line for line in visit.trouble)
    visit.trouble.clear()


def test_a_phone_shows_it_without_scrolling_sideways(browser: api.Browser, address: str) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 780}, color_scheme="dark")
    visit = Visit(context.new_page(), address)
    for path in ("", "dashboard", "changes", "incidents/incidents", REFUND, "incidents/incident_versions", "incidents"):
        visit.go(path)
        visit.picture(f"phone-{path.replace('/', '-') or 'front'}")
        assert visit.page.evaluate("document.documentElement.scrollWidth") == 360, path
    context.close()
    assert visit.trouble == []


CONTRAST = """
() => {
  const numbers = text => text.match(/[\\d.]+/g).map(Number);
  const light = text => {
    const linear = share => share <= .04045 ? share / 12.92 : ((share + .055) / 1.055) ** 2.4;
    const [r, g, b] = numbers(text).slice(0, 3).map(value => linear(value / 255));
    return .2126 * r + .7152 * g + .0722 * b;
  };
  const ground = node => {
    for (; node; node = node.parentElement) {
      const colour = getComputedStyle(node).backgroundColor;
      if (numbers(colour)[3] !== 0) return colour;
    }
    return 'rgb(255, 255, 255)';
  };
  const poor = new Set();
  for (const node of document.querySelectorAll('body *')) {
    if (node.closest('svg') || ![...node.childNodes].some(child => child.nodeType === 3 && child.data.trim())) continue;
    const [one, other] = [light(getComputedStyle(node).color), light(ground(node))].sort();
    const ratio = (Math.max(one, other) + .05) / (Math.min(one, other) + .05);
    if (ratio < 4.5) poor.add(`${node.tagName} ${node.className} ${ratio.toFixed(2)}`);
  }
  return [...poor];
}
"""
"""Texts with less contrast than WCAG 2.2 asks for (1.4.3, AA)."""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out_from_its_ground(browser: api.Browser, address: str, scheme: str) -> None:
    context = browser.new_context(color_scheme=scheme)
    visit = Visit(context.new_page(), address)
    for path in ("", "changes", "dashboard", "incidents/incidents?severity=low", REFUND, "incidents"):
        visit.go(path)
        assert visit.page.evaluate(CONTRAST) == [], path
    context.close()
