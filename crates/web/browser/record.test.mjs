// The record by keys, and one line after the other.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { open, sound } from "./world.mjs";

let world;
before(async () => {
  world = await open();
});
after(async () => {
  await world?.close();
});

/** The record of the demo's refused deal. */
async function record(page) {
  await page.goto("/deals?q=Halden");
  await page.getByRole("link", { name: "Halden Logistics" }).first().click();
  await page.getByRole("heading", { name: "Why now" }).waitFor();
}

const focused = (page) => page.evaluate(() => document.activeElement?.closest("[data-question]")?.id ?? null);
const inField = (page) => page.evaluate(() => document.activeElement?.matches("input, textarea, select") ?? false);

test("keys lead from question to question, into the answer and to where it was said", async () => {
  const page = await world.window("amara");
  await record(page);
  await page.keyboard.press("j");
  const first = await focused(page);
  assert.ok(first, "somewhere");
  await page.keyboard.press("j");
  const second = await focused(page);
  assert.notEqual(second, first);
  await page.keyboard.press("k");
  assert.equal(await focused(page), first);
  await page.keyboard.press("e");
  assert.ok(await inField(page));
  await page.keyboard.press("Escape");
  assert.deepEqual([await inField(page), await focused(page)], [false, first], "Escape leaves the field, not the question");
  await page.keyboard.press("n");
  const missing = await focused(page);
  assert.equal(missing, "ask-executive_sponsor", "what is missing first");
  await page.keyboard.press("n");
  assert.notEqual(await focused(page), missing);
  const quote = page.locator("#ask-why_now_words");
  await quote.focus().catch(() => {});
  await page.evaluate(() => {
    const ask = document.getElementById("ask-why_now_words");
    ask.tabIndex = -1;
    ask.focus();
  });
  await page.keyboard.press("v");
  assert.ok(await quote.getByLabel("Said in a").isVisible());
  await sound(page);
});

test("promises are written down a line after the other, and say what they lack", async () => {
  const page = await world.window("amara");
  await record(page);
  const line = page.getByRole("form", { name: "Add promise" });
  for (const what of ["Training on two Saturdays", "A named contact for the depots"]) {
    await line.getByLabel("What were they promised?").fill(what);
    await line.getByLabel("What sort").selectOption({ index: 1 });
    await page.keyboard.press("Enter");
    await page.getByText("Saved.").waitFor();
    await page.getByText(what).first().waitFor();
    await page.waitForFunction(() => document.activeElement?.closest("#ask-promises form"), null, { timeout: 5_000 });
  }
  const entry = page.locator("#ask-promises .item", { hasText: "Training on two Saturdays" });
  await entry.getByText(/^lacks /).waitFor();
  await sound(page);
});

test("without scripts a line is a form, and what it refuses is not lost", async () => {
  const page = await world.window("amara", { javaScriptEnabled: false });
  await record(page);
  const line = page.getByRole("form", { name: "Add risk" });
  await line.getByLabel("What could go wrong?").fill("Their union has not been asked");
  await line.evaluate((form) => form.setAttribute("novalidate", ""));
  await line.getByRole("button", { name: "Add risk" }).click();
  assert.equal(await page.getByLabel("What could go wrong?").inputValue(), "Their union has not been asked");
  await page.getByRole("alert").waitFor();
});

/** The record of a deal of which only a CRM's file has told. */
async function bare(page, account) {
  const day = (ahead) => new Date(Date.now() + ahead * 86_400_000).toISOString().slice(0, 10);
  const csv = `Opportunity ID,Opportunity Name,Account Name,Stage,Close Date,Amount,Amount Currency,Owner Email,ARR,Type,Plan,term_months,Renewal Date,Probability (%)
006${account},Planning,${account},Negotiation,${day(20)},31000,EUR,amara@larkfield.example,31000,New Business,Business,12,${day(385)},80
`;
  const office = await world.window("elena", { looked: false });
  await office.goto("/import");
  await office.getByLabel("File", { exact: true }).setInputFiles({ name: "deals.csv", mimeType: "text/csv", buffer: Buffer.from(csv) });
  await office.getByRole("button", { name: "Upload and check" }).click();
  await office.getByRole("button", { name: "Import one deal" }).click();
  await office.getByRole("link", { name: "See the deals" }).waitFor();
  await office.context().close();
  await page.goto(`/deals?q=${account}`);
  await page.goto(await page.locator("main a[href^='/handoffs/']").first().getAttribute("href"));
  await page.getByRole("heading", { name: "Why now" }).waitFor();
}

const stand = (page, key) => page.evaluate((id) => {
  const ask = document.getElementById(id);
  ask.tabIndex = -1;
  ask.focus();
}, `ask-${key}`);
const standsOn = (page, key) => page.waitForFunction((id) => document.activeElement?.id === id, `ask-${key}`);

test("the question one stands on is answered by its number, and Ctrl-Enter goes on to what is missing", async () => {
  const page = await world.window("amara", { looked: false });
  await bare(page, "Fjordkran");
  await page.keyboard.press("n");
  await standsOn(page, "buying_trigger");
  await page.keyboard.press("3");
  assert.ok(await page.getByRole("checkbox", { name: "Something broke" }).isChecked());
  await page.keyboard.press("3");
  assert.ok(!(await page.getByRole("checkbox", { name: "Something broke" }).isChecked()), "pressed again it is taken back");
  await page.keyboard.press("3");
  await page.keyboard.press("n");
  await standsOn(page, "trigger_holds");
  await page.keyboard.press("1");
  assert.ok(await page.locator("#ask-trigger_holds").getByRole("radio", { name: "Yes" }).isChecked());

  // A field with words in it wants to know next where they were said; only then does one go on.
  await stand(page, "first_use_case");
  await page.keyboard.press("e");
  await page.keyboard.insertText("Planning 3 of 10 lanes");
  await page.keyboard.press("0");
  await page.keyboard.press("Control+Enter");
  const timeline = page.locator("#ask-first_use_case");
  assert.ok(await timeline.getByLabel("Said in a").evaluate((one) => one === document.activeElement));
  assert.equal(await timeline.locator("textarea").inputValue(), "Planning 3 of 10 lanes0", "in a field a figure is a figure");
  await page.keyboard.type("Call");
  await page.keyboard.press("Tab");
  await page.keyboard.insertText("Call of 12 May");
  await page.keyboard.press("Control+Enter");
  await standsOn(page, "expected_timeline");
  await timeline.getByText("Answered").waitFor();
});

test("a result and a champion are added whole, and who is named already plays another part by one key", async () => {
  const page = await world.window("amara", { looked: false });
  await bare(page, "Fjordlast");
  const result = page.getByRole("form", { name: /^Add success criterion/i });
  await result.getByLabel("In the customer's words").fill("Every tank is clean within a day");
  await result.getByLabel("How will they measure it?").fill("Median hours");
  await result.getByLabel("Said in a").selectOption({ label: "Call" });
  await result.getByLabel("Who said it").fill("Rune Halvorsen");
  await page.keyboard.press("Control+Enter");
  await standsOn(page, "first_use_case");
  const added = page.locator("#ask-success_criteria .item", { hasText: "Every tank is clean" });
  assert.equal(await added.getByText(/^lacks /).count(), 0, "nothing is lacking");

  await page.locator("#ask-champion form.quick").getByLabel("Name").fill("Rune Halvorsen");
  await page.locator("#ask-champion form.quick").getByLabel("How to reach them").fill("rune@fjordlast.example");
  await page.keyboard.press("Control+Enter");
  await standsOn(page, "economic_buyer");
  await sound(page);
  await page.keyboard.press("1");
  await standsOn(page, "executive_sponsor");
  const buyer = page.locator("#ask-economic_buyer");
  await buyer.locator(".item", { hasText: "Rune Halvorsen" }).waitFor();
  await buyer.getByText("Answered").waitFor();
  // What the champion lacks is where the entry opens.
  await stand(page, "champion");
  await page.keyboard.press("v");
  await page.waitForURL(/\/items\//);
  assert.ok(await page.getByLabel("Title", { exact: true }).evaluate((one) => one === document.activeElement));
  await sound(page);
  await page.keyboard.insertText("Head of yard");
  await page.keyboard.press("Control+Enter");
  await standsOn(page, "executive_sponsor");
  await page.locator("#ask-champion .item", { hasText: "Head of yard" }).waitFor();
});

test("one key says that there are none, one takes it back, and both can be switched off", async () => {
  const page = await world.window("amara", { looked: false });
  await bare(page, "Fjordvarde");
  await stand(page, "skeptics");
  await page.keyboard.press("0");
  await standsOn(page, "promises");
  const skeptics = page.locator("#ask-skeptics");
  await skeptics.getByText(/^There are none, says Amara/).waitFor();
  await page.getByRole("status").filter({ hasText: "Noted that there are none: Who pushed back?" }).waitFor();
  await sound(page);
  await page.keyboard.press("u");
  await standsOn(page, "skeptics");
  await skeptics.getByText("There are none of these").waitFor();
  assert.equal(await page.getByText("Noted that there are none").count(), 0);

  await page.keyboard.press("?");
  await page.getByLabel("Use shortcuts without Ctrl or Alt in this browser").uncheck();
  await page.keyboard.press("Escape");
  await stand(page, "buying_trigger");
  await page.keyboard.press("1");
  await stand(page, "skeptics");
  await page.keyboard.press("0");
  await page.waitForTimeout(300);
  assert.equal(await page.locator("#ask-buying_trigger input:checked").count(), 0);
  assert.ok(await skeptics.getByText("There are none of these").isVisible());
});

test("without scripts one is named again by a button, and saving leads on to what is missing", async () => {
  const page = await world.window("amara", { javaScriptEnabled: false });
  await bare(page, "Fjordstein");
  const champion = page.locator("#ask-champion form.quick");
  await champion.getByLabel("Name").fill("Rune Halvorsen");
  await champion.getByLabel("How to reach them").fill("rune@fjordstein.example");
  await champion.getByRole("button", { name: "Add champion" }).click();
  await page.locator("#ask-economic_buyer").getByRole("button", { name: "Rune Halvorsen" }).click();
  await page.locator("#ask-economic_buyer .item", { hasText: "Rune Halvorsen" }).waitFor();
  await page.locator("#ask-champion .item").getByRole("link", { name: /^Change/ }).click();
  await page.getByLabel("Title", { exact: true }).fill("Head of yard");
  await page.getByRole("button", { name: "Save and go on" }).click();
  assert.equal(new URL(page.url()).hash, "#ask-executive_sponsor");
});
