// One person, two windows on one record: whichever writes second is shown what the first has saved.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { open, sound } from "./world.mjs";

const WHY = "Why did they choose us over them?";

let world;
let record;
before(async () => {
  world = await open();
});
after(async () => {
  await world?.close();
});

/** The record of the demo's refused deal in another window of the same browser. */
async function another(page) {
  const window = await page.context().newPage();
  window.complaints = [];
  window.on("pageerror", (error) => window.complaints.push(error.message));
  await window.goto(record);
  await window.getByRole("heading", { name: "Why now" }).waitFor();
  return window;
}

async function amara(options) {
  const page = await world.window("amara", { looked: false, ...options });
  await page.goto("/deals?q=Halden");
  await page.getByRole("link", { name: "Halden Logistics" }).first().click();
  await page.getByRole("heading", { name: "Why now" }).waitFor();
  record = new URL(page.url()).pathname;
  return page;
}

const formOf = (page, label) => page.locator("form").filter({ has: page.getByLabel(label, { exact: true }) });

async function type(page, words, label = WHY) {
  await page.getByLabel(label, { exact: true }).fill(words);
  await page.getByLabel(label, { exact: true }).blur();
}

const saved = (page, label = WHY) => formOf(page, label).getByText(/^Saved \d/).waitFor();

/** What a window that opens now shows. */
async function kept(page) {
  const window = await another(page);
  const words = await window.getByLabel(WHY, { exact: true }).inputValue();
  await window.close();
  return words;
}

test("the second window is shown both answers, and either can stay", async () => {
  const first = await amara();
  const second = await another(first);
  await type(first, "The ferry.");
  await saved(first);
  await type(second, "The price.");
  const form = formOf(second, WHY);
  await form.getByText("Not saved: it was changed meanwhile. Please choose.").waitFor();
  await form.getByText(/^You, in another window/).waitFor();
  await form.getByText("The ferry.", { exact: true }).waitFor();
  assert.equal(await kept(first), "The ferry.", "nothing is overwritten before anybody chose");
  await sound(second);
  await form.getByRole("button", { name: "Keep what I typed here" }).click();
  await saved(second);
  assert.equal(await kept(first), "The price.");

  await type(first, "The ferry, and the islands.");
  await formOf(first, WHY).getByRole("link", { name: "Take the other" }).click();
  await first.waitForFunction((label) => [...document.querySelectorAll("textarea, input")]
    .some((field) => field.labels?.[0]?.textContent.includes(label) && field.value === "The price."), WHY);
  assert.equal(await kept(first), "The price.");
  // And what is typed from there on is saved.
  await type(first, "The price, and the ferry.");
  await saved(first);
  assert.equal(await kept(first), "The price, and the ferry.");
  assert.deepEqual([first.complaints, await second.getByRole("alert").filter({ hasText: "changed" }).count()], [[], 0]);
  await first.context().close();
});

test("a save of another answer does not pass for having seen this one", async () => {
  const first = await amara();
  const second = await another(first);
  await type(first, "Seen by one window only.");
  await saved(first);
  const other = "What could make them buy more?";
  const label = (await second.getByLabel(other, { exact: true }).count()) ? other : await second.locator("form[data-autosave] textarea").last().evaluate((field) => field.labels[0].textContent.trim());
  await type(second, "The second yard.", label);
  await saved(second, label);
  await type(second, "Typed without looking.");
  await formOf(second, WHY).getByText("Seen by one window only.", { exact: true }).waitFor();
  assert.equal(await kept(first), "Seen by one window only.");
  await first.context().close();
});

test("a window's own words are no news to it when the answer was lost on the way", async () => {
  const page = await amara();
  let lost = 0;
  await page.route("**/answers/why_us", async (route) => {
    if (lost > 0) return route.continue();
    lost += 1;
    await route.fetch();
    await route.abort();
  });
  await type(page, "Half a sentence");
  await formOf(page, WHY).getByText(/^Not saved yet/).waitFor();
  assert.equal(await kept(page), "Half a sentence", "it had come there");
  await type(page, "Half a sentence, and the rest.");
  await saved(page);
  assert.equal(await kept(page), "Half a sentence, and the rest.");
  await page.context().close();
});

test("without scripts the second window is shown both answers on a page", async () => {
  const first = await amara({ javaScriptEnabled: false });
  const second = await another(first);
  for (const [page, words] of [[first, "By the form."], [second, "By the other form."]]) {
    await page.getByLabel(WHY, { exact: true }).fill(words);
    await formOf(page, WHY).getByRole("button", { name: "Save" }).click();
  }
  await second.getByRole("heading", { name: "Changed meanwhile" }).waitFor();
  await second.getByText("By the form.", { exact: true }).waitFor();
  await second.getByText("By the other form.", { exact: true }).waitFor();
  await second.getByRole("button", { name: "Keep what I typed here" }).click();
  await second.getByText("Saved.").waitFor();
  assert.equal(await kept(first), "By the other form.");
  await first.context().close();
});
