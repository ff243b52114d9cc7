// Every action is a plain form: the same deal with scripts switched off.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { open } from "./world.mjs";

let world;
before(async () => {
  world = await open();
});
after(async () => {
  await world?.close();
});

const region = (page, name) => page.getByRole("region", { name, exact: true });

test("without scripts the CRM is refused, the AE fills the record, the gate passes and the record is offered", async () => {
  const page = await world.window("amara", { javaScriptEnabled: false });
  await page.goto("/crm/D-1041");
  await region(page, "Stage").getByRole("button", { name: "Closed won" }).click();
  await page.getByRole("alert").getByText("Throughline refused: 3 things are missing.").waitFor();
  const handoff = page.getByRole("region", { name: /^Handoff/ });
  await handoff.getByRole("link", { name: /Why did they choose us/ }).click();
  const record = new URL(page.url()).pathname;

  const why = page.getByLabel("Why did they choose us over them?");
  await why.fill("Routefinder could not plan around the ferry.");
  const form = page.locator("form").filter({ has: why });
  await form.getByRole("button", { name: "Save" }).click();
  await page.getByText("Handoff: 2 things are missing").waitFor();
  assert.equal(await page.getByLabel("Why did they choose us over them?").inputValue(), "Routefinder could not plan around the ferry.");

  for (const section of ["Who matters", "What could derail it"]) {
    const fold = region(page, section).getByRole("group").filter({ hasText: /^\s*There are none of these/ }).first();
    await fold.getByText("There are none of these").first().click();
    await fold.getByRole("button").click();
    await page.waitForLoadState();
  }
  await page.getByText("15 of 15").waitFor();

  await page.goto("/crm/D-1041");
  await region(page, "Stage").getByRole("button", { name: "Closed won" }).click();
  await page.getByRole("region", { name: /^Handoff/ }).getByText("Passed").first().waitFor();

  await page.goto(`${record}/review`);
  const offer = region(page, "Offer");
  const csms = offer.getByLabel("To whom?");
  const name = (await csms.getByRole("option").allInnerTexts()).find((one) => one.startsWith("Mei Tanaka"));
  await csms.selectOption({ label: name });
  await offer.getByRole("button", { name: "Offer the record" }).click();
  await offer.getByText(/^Offered /).first().waitFor();
  assert.deepEqual(page.complaints, []);
});
