// What a CSM opens before the kickoff: on a screen, on a phone, on paper, and with scripts switched off.
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

/** Where the record of the demo's first deal is. */
async function record(page) {
  await page.goto("/crm/D-1041");
  const links = await page.locator("a[href^='/handoffs/']").evaluateAll((all) => all.map((one) => one.getAttribute("href")));
  return links[0].split(/[?#]/)[0].split("/").slice(0, 3).join("/");
}

test("every sheet fits, and on paper it stands alone", async () => {
  const page = await world.window("amara");
  const at = await record(page);
  for (const sheet of ["brief", "map", "call-sheet", "agenda", "signs"]) {
    await page.goto(`${at}/${sheet}`);
    await sound(page);
    const ways = page.getByRole("navigation", { name: "Sheets" });
    await ways.waitFor();
    assert.ok(await page.getByRole("button", { name: "Print" }).isVisible(), sheet);
    await page.emulateMedia({ media: "print" });
    assert.ok(await page.getByRole("article").first().isVisible(), sheet);
    for (const hidden of [ways, page.getByRole("navigation", { name: "Views" }), page.getByRole("list", { name: "Where this handoff stands" })]) {
      assert.equal(await hidden.count(), 0, sheet);
    }
    await page.emulateMedia({ media: "screen" });
  }
});

test("the brief of a full record is one sheet of A4", async () => {
  const page = await world.window("amara");
  const at = await record(page);
  await page.goto(at);
  const refused = await page.evaluate(async (at) => {
    const long = "The reports of every site are there on Monday morning";
    const more = { source: "call", speaker: "Derek Vo", reason: "more" };
    const promise = { kind: "price", strength: "promised", owed_by: "us", due_on: "2027-02-01", in_contract: "no", standard: "no" };
    const person = { parts: "operator", contact: "by.mail@customer.example", influence: "high", stance: "for", goals: "A quiet quarter close", said: "I will use it when it works without a signal." };
    const entries = [];
    for (let n = 0; n < 12; n += 1) {
      entries.push(["promises&ask=promises", { what: `${long} ${n}`, ...promise }]);
      entries.push(["stakeholders&ask=champion", { name: `Bartholomew Featherstonehaugh ${n}`, ...person }]);
      entries.push(["risks&ask=risks", { what: `${long} ${n}`, kind: "resourcing", severity: "high", owner: "Ines Keller", mitigation: "Start with one site" }]);
    }
    const wrong = [];
    for (const [list, fields] of entries) {
      const body = new URLSearchParams({ ...fields, ...more });
      const answer = await fetch(`${at}/items/new?list=${list}`, { method: "POST", body, redirect: "manual" });
      if (answer.type !== "opaqueredirect") wrong.push(`${list}: ${answer.status}`);
    }
    return wrong;
  }, at);
  assert.deepEqual(refused, []);
  await page.goto(`${at}/brief`);
  await sound(page);
  const paper = (await page.pdf({ format: "A4" })).toString("latin1");
  assert.equal(paper.match(/\/Type\s*\/Page\b/g)?.length, 1);
});

test("the map is drawn once, for the width there is", async () => {
  const page = await world.window("amara");
  await page.goto(`${await record(page)}/map`);
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 900 });
    const map = page.getByRole("img", { name: "Stakeholder map" });
    assert.equal(await map.count(), 1, `${width}`);
    assert.ok((await map.boundingBox()).width <= width);
  }
});

test("without scripts what was said in the call is kept point by point", async () => {
  const page = await world.window("amara", { javaScriptEnabled: false });
  await page.goto(`${await record(page)}/call-sheet`);
  assert.equal(await page.getByRole("button", { name: "Print" }).count(), 0, "nothing that only a script can press");
  await page.getByLabel("How keen are they really?").fill("Derek asked twice when it starts.");
  const form = page.getByRole("radio", { name: "Call", exact: true });
  if (await form.count()) await form.check();
  await page.getByRole("button", { name: "Keep the answers" }).click();
  await page.getByText("Kept with the report of the call.").waitFor();
  await page.getByText("Derek asked twice when it starts.").waitFor();
  assert.deepEqual(page.complaints, []);
});
