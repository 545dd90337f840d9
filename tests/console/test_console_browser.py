"""The console in a real browser: accessible, quiet on its console, usable by keyboard, readable without scripts.

Skipped where no chromium is installed.
"""

from __future__ import annotations

import re
import shutil
import socket
import threading
from collections.abc import Callable
from collections.abc import Iterator

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser
from playwright.sync_api import BrowserContext
from playwright.sync_api import Page
from playwright.sync_api import expect
from playwright.sync_api import sync_playwright
from starlette.applications import Starlette

from sandan.console.port import Deps
from sandan.console.routes import routes
from sandan.documents.facts import OfficerAct
from sandan.sandbox.messages import Office
from sandan.sandbox.parcels import Parcel
from sandan.store.users import User

CHROMIUM = shutil.which("chromium")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
CASE = "/case/0131960301/QDSHOW00000018"
PAGES = (
    "/login",
    "/",
    "/search?q=YTSHOW00000005&all=1",
    "/search?q=nothing",
    "/cases",
    "/waiting",
    "/work-list",
    "/case/0131960301/QDSHOW00000005",
    "/case/0131960301/QDSHOW00000001",
    CASE,
    "/paper/list/0131960301/QDSHOW00000019",
    "/accounts",
    "/account/guarantee/0131960101/0131",
    "/messages",
    "/messages/80",
    "/messages/nothing-here",
    "/inspect",
    "/law",
    "/law?q=limit",
    "/law/rule/CEB-6.2.4",
    "/law/rule/R194-16.3",
    "/law/parameter/vat.standard_rate",
    "/law/changes?from=2018-12-31&to=2019-01-01",
    "/law/places",
    "/law/place/杭州",
    "/law/calendar?year=2027",
    "/law/files",
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def address(deps: Deps) -> Iterator[str]:
    """The console served on loopback."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(
        uvicorn.Config(Starlette(routes=routes(deps)), log_level="error", lifespan="off", ws="none")
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join()
    listener.close()


@pytest.fixture
def opened(
    browser: Browser, address: str, deps: Deps, cookies_of: Callable[[Deps, User], dict[str, str]], officer: User
) -> Iterator[Callable[..., Page]]:
    """Opens the console as an officer in a language; fails on anything the page complains about."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def start(language: str = "en", **options: object) -> Page:
        context = browser.new_context(base_url=address, viewport={"width": 1360, "height": 900}, **options)
        contexts.append(context)
        kept = {"sandan_language": language, **cookies_of(deps, officer)}
        context.add_cookies([{"name": name, "value": value, "url": address} for name, value in kept.items()])
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: complaints.append(line.text) if "404" not in line.text else None)
        return page

    yield start
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_page_has_a_serious_barrier(opened: Callable[..., Page], language: str) -> None:
    page = opened(language)
    barriers = []
    for path in PAGES:
        page.goto(path)
        barriers += [
            (path, found["id"], node["html"][:200])
            for found in Axe().run(page).response["violations"]
            if found["impact"] in {"serious", "critical"}
            for node in found["nodes"][:3]
        ]
    assert barriers == []


def test_the_slash_key_leads_to_the_search(opened: Callable[..., Page]) -> None:
    page = opened()
    page.goto("/waiting")
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("FYSHOW00000005")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/case/0131960301/QDSHOW00000005"))


def test_a_slash_inside_a_field_is_a_slash(opened: Callable[..., Page]) -> None:
    page = opened()
    page.goto(CASE)
    page.locator("#act-reason").press("/")
    expect(page.locator("#act-reason")).to_have_value("/")


def test_an_officer_decides_with_the_keyboard_alone(opened: Callable[..., Page], acts: list[OfficerAct]) -> None:
    page = opened()
    page.goto(CASE)
    page.get_by_label("Release").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("goods as declared")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Your decision was taken in")
    assert [act.reason for act in acts] == ["goods as declared"]


def test_the_browser_asks_for_the_reason_before_sending(opened: Callable[..., Page], acts: list[OfficerAct]) -> None:
    page = opened()
    page.goto(CASE)
    page.get_by_label("Hold").check()
    page.get_by_label("I have read").check()
    page.get_by_role("button", name="Decide").click()
    expect(page).to_have_url(re.compile(f"{CASE}$"))
    assert not acts


def test_today_draws_its_charts_and_keeps_itself_fresh(opened: Callable[..., Page]) -> None:
    page = opened()
    page.goto("/")
    expect(page.locator(".graph canvas")).to_have_count(2)
    page.get_by_text("The numbers").click()
    with page.expect_response(lambda answer: answer.url.endswith("/") and answer.request.resource_type == "fetch"):
        page.evaluate("htmx.trigger('#live', 'refresh')")
    expect(page.locator(".graph canvas")).to_have_count(2)
    expect(page.locator("details[open]")).to_have_count(1)


def test_every_page_reads_without_scripts(opened: Callable[..., Page]) -> None:
    page = opened("zh", java_script_enabled=False)
    page.goto("/")
    assert page.get_by_text("按原因").is_visible()
    page.goto("/case/0131960301/QDSHOW00000005")
    assert page.get_by_role("heading", name="三单比对").is_visible()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_inspected_message_has_no_barrier_and_needs_no_script(
    opened: Callable[..., Page], language: str, office: Office, parcels: dict[str, Parcel]
) -> None:
    papers = parcels["bonded"].full
    sound = office.message([papers[0]]).data.decode()
    spread = sound.replace("><ceb:", ">\n  <ceb:").replace("<ceb:currency>142", "<ceb:currency>1422", 1)
    page, plain = opened(language), opened(language, java_script_enabled=False)
    for text in (sound, spread, office.message([papers[3]]).data.decode(), "no message"):
        inspect(plain, text)
        expect(plain.locator("#verdict")).to_be_visible()
        inspect(page, text)
        found = Axe().run(page).response["violations"]
        assert [one["id"] for one in found if one["impact"] in {"serious", "critical"}] == []


def test_an_inspected_message_fits_a_narrow_screen(
    opened: Callable[..., Page], office: Office, parcels: dict[str, Parcel]
) -> None:
    page = opened("zh")
    page.set_viewport_size({"width": 390, "height": 800})
    inspect(page, office.message([parcels["bonded"].full[3]]).data.decode().replace("142", "1422", 1))
    page.locator("#signature summary").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def inspect(page: Page, text: str) -> None:
    """Pastes a message and sends the form."""
    page.goto("/inspect")
    page.locator("#text").fill(text)
    page.locator("form[action='/inspect'] button").click()


def test_nothing_overflows_a_narrow_screen(opened: Callable[..., Page]) -> None:
    page = opened("zh")
    page.set_viewport_size({"width": 390, "height": 800})
    for path in ("/", "/cases", "/case/0131960301/QDSHOW00000005", "/messages", "/law?q=VAT", "/law/rule/R194-9.1"):
        page.goto(path)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= 390, path
