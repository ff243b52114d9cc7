// The command palette by keyboard, search without scripts, and pages that hear of what others do.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { LOOKS, open, sound } from "./world.mjs";

let world;
before(async () => {
  world = await open();
});
after(async () => {
  await world?.close();
});

const region = (page, name) => page.getByRole("region", { name, exact: true });
const palette = (page) => page.getByRole("dialog", { name: "Search and commands" });
const field = (page) => palette(page).getByRole("combobox");
const chosen = (page) => palette(page).getByRole("option", { selected: true });

async function call(page) {
  await page.keyboard.press("Control+k");
  await field(page).waitFor();
}

/** The record of the story's deal, by way of the CRM that refuses it. */
async function record(page) {
  await page.goto("/crm/D-1041");
  await region(page, "Stage").getByRole("button", { name: "Closed won" }).click();
  await page.getByRole("region", { name: /^Handoff/ }).getByRole("link").first().click();
  await page.waitForURL(/\/handoffs\//);
  return new URL(page.url()).pathname;
}

test("by keyboard alone: the palette finds a deal, says how many it found, and opens the one chosen", async () => {
  const page = await world.window("amara");
  await page.goto("/deals");
  const name = (await page.locator("main .cell-link").first().innerText()).trim();
  await call(page);
  assert.equal(await field(page).getAttribute("aria-expanded"), "true");
  assert.equal(await palette(page).getByRole("group", { name: "Go to" }).count(), 1);
  assert.equal(await field(page).getAttribute("aria-activedescendant"), await chosen(page).getAttribute("id"));
  await sound(page, LOOKS);

  await page.keyboard.type(name.split(" ")[0].toLowerCase());
  const deals = palette(page).getByRole("group", { name: "Deals" });
  await deals.getByRole("option").first().waitFor();
  await palette(page).getByRole("status").getByText(/^Results: \d+$/).waitFor();
  await sound(page, LOOKS);
  const all = await palette(page).getByRole("option").count();
  for (let step = 0; step < all && !/\/handoffs\//.test((await chosen(page).getAttribute("href")) ?? ""); step += 1) {
    await page.keyboard.press("ArrowDown");
    assert.equal(await field(page).getAttribute("aria-activedescendant"), await chosen(page).getAttribute("id"));
    assert.ok(await field(page).evaluate((one) => one === document.activeElement), "the field keeps the focus");
  }
  const where = await chosen(page).getAttribute("href");
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => url.pathname === where);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("the palette does what the page offers, goes where the frame goes, and gives the focus back", async () => {
  const page = await world.window("elena");
  await page.goto("/people");
  await call(page);
  await page.keyboard.type("invite several");
  assert.match(await chosen(page).innerText(), /Invite/);
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/people\/invite\/many$/);

  await call(page);
  await page.keyboard.type("week");
  await palette(page).getByRole("group", { name: "Go to" }).getByRole("option", { name: "The week" }).click();
  await page.waitForURL(/\/week$/);

  const link = page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: /^Deals/ });
  await link.focus();
  await call(page);
  await page.keyboard.press("ArrowUp");
  const last = await palette(page).getByRole("option").last().getAttribute("id");
  assert.equal(await chosen(page).getAttribute("id"), last, "upwards from the first is the last");
  await page.keyboard.press("Escape");
  await palette(page).waitFor({ state: "hidden" });
  assert.ok(await link.evaluate((one) => one === document.activeElement), "where the focus was");

  // The button opens it as the keys do; what nothing is called leads to the search page.
  await page.getByRole("button", { name: "Search", exact: true }).first().click();
  await page.keyboard.type("qqqq");
  await palette(page).getByRole("status").getByText("Nothing found").waitFor();
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/search\?q=qqqq$/);
  await page.getByText("Nothing is called “qqqq”").waitFor();
  await sound(page, LOOKS);
  await page.context().close();
});

test("without scripts the button is a link to the search page", async () => {
  const page = await world.window("elena", { javaScriptEnabled: false });
  await page.goto("/queue");
  await page.getByRole("link", { name: "Search", exact: true }).first().click();
  await page.getByText("Find a deal, a customer or a person").waitFor();
  await page.getByRole("searchbox").fill("amara os");
  await page.getByRole("main").getByRole("button", { name: "Search" }).click();
  await region(page, "People").getByRole("link", { name: /Amara Osei/ }).click();
  await page.waitForURL(/\/people\//);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("a page hears that its deal was changed elsewhere, offers the newer state, and replaces nothing", { timeout: 90_000 }, async () => {
  const here = await world.window("amara");
  const path = await record(here);
  const queue = await world.window("amara");
  await queue.goto("/queue");
  const there = await world.window("amara");
  await there.goto(path);
  const why = (page) => page.getByLabel("Why did they choose us over them?");
  await here.goto(path);
  // Streams open with the page; what happens before one is open is told when it opens.
  await why(there).fill("Routefinder could not plan around the ferry.");
  await why(there).blur();
  await there.getByText("Handoff: 2 things are missing").waitFor();

  const notice = here.getByRole("status").filter({ hasText: "You have changed this deal in another window." });
  await notice.waitFor({ timeout: 15_000 });
  assert.equal(await why(here).inputValue(), "", "nothing is replaced");
  await sound(here, LOOKS);
  const news = queue.getByRole("status").filter({ hasText: "There is something new in your queue." });
  await news.waitFor({ timeout: 20_000 });
  await sound(queue, LOOKS);
  assert.equal(await there.getByText("in another window").count(), 0, "its own saves are no news to a page");

  await here.getByRole("link", { name: "Show it" }).click();
  await here.waitForFunction(() => document.readyState === "complete");
  assert.equal(await why(here).inputValue(), "Routefinder could not plan around the ferry.");
  for (const page of [here, there, queue]) {
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  }
});
