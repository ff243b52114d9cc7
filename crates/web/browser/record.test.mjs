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
