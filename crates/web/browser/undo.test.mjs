// A mail that somebody sends from a page waits for ten seconds and can be taken back: then it never leaves. What was
// sent later and has arrived proves it: mail leaves in its order.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { open, sound } from "./world.mjs";

const SUBJECT = /confirm/i;

let world;
before(async () => {
  world = await open();
});
after(async () => {
  await world?.close();
});

/** Who the demo's mailbox has a mail for that asks to confirm the plan. */
async function asked(staff) {
  await staff.goto("/mailbox");
  const rows = staff.getByRole("navigation", { name: "Messages" }).getByRole("link").filter({ hasText: SUBJECT });
  const found = [];
  for (const href of await rows.evaluateAll((all) => all.map((one) => one.getAttribute("href")))) {
    await staff.goto(href);
    found.push(/To (\S+@\S+)/.exec(await staff.getByRole("article").innerText())?.[1]);
  }
  return found;
}

async function arrives(staff, address) {
  for (let tries = 0; tries < 120; tries += 1) {
    const found = await asked(staff);
    if (found.includes(address)) return found;
    await staff.waitForTimeout(250);
  }
  throw new Error(`no mail to ${address}`);
}

async function plan(page) {
  await page.goto("/deals?q=Pellworth");
  await page.getByRole("link", { name: /Pellworth/ }).first().click();
  await page.waitForURL(/\/handoffs\//);
  await page.goto(`${new URL(page.url()).pathname}/plan`);
  return page.getByRole("region", { name: "Ask the customer to confirm by mail" });
}

/** Asks the person of this name; answers with where that stands on the page. */
async function ask(page, name, look = async () => {}) {
  const part = await plan(page);
  const whom = part.getByLabel("Whom");
  const label = (await whom.getByRole("option").allInnerTexts()).find((one) => one.startsWith(name));
  await whom.selectOption({ label });
  await part.getByRole("button", { name: "Ask the customer to confirm by mail" }).click();
  await page.getByRole("button", { name: "Send it" }).waitFor();
  await look();
  await page.getByRole("button", { name: "Send it" }).click();
  await page.getByRole("status").filter({ hasText: "leaves in ten seconds" }).waitFor();
  return { address: label.split(" · ")[1], line: page.getByRole("article").filter({ hasText: "Not sent yet" }).first() };
}

for (const [scripts, taken, goes] of [[true, "Yusuf Demir", "Derek Lyle"], [false, "Clara Whitmore", null]]) {
  test(`what is taken back in time never leaves, ${scripts ? "with" : "without"} scripts`, { timeout: 120_000 }, async () => {
    const page = await world.window("luca", { looked: false, javaScriptEnabled: scripts });
    const staff = await world.window("elena", { looked: false });
    const first = await ask(page, taken, () => (scripts ? sound(page) : undefined));
    if (scripts) {
      await first.line.getByText(/^You can take it back for \d s\.$/).waitFor();
      await page.keyboard.press("u");
    } else {
      await first.line.getByText(/^You can take it back until/).waitFor();
      await first.line.getByRole("button", { name: "Take it back" }).click();
    }
    await page.getByRole("status").filter({ hasText: `The mail to ${first.address} was taken back. Nothing was sent.` }).waitFor();
    await page.getByRole("article").filter({ hasText: first.address }).getByText(/^Taken back$|taken back before it was sent/).first().waitFor();
    assert.equal(await page.getByRole("button", { name: "Take it back" }).count(), 0);
    if (scripts) await sound(page);

    // Thought again: asked once more, and left alone.
    const { address, line } = await ask(page, goes ?? taken);
    const arrived = await arrives(staff, address);
    const once = arrived.filter((one) => one === first.address).length;
    assert.equal(once, goes ? 0 : 1, `${first.address} got what was taken back`);
    const back = line.getByRole("button", { name: "Take it back" });
    if (scripts) {
      await line.getByText("It is leaving now.").waitFor();
      assert.ok(await back.isDisabled(), "what has left is not taken back in vain");
    } else {
      await back.click();
      await page.getByText("Too late: the mail has left.").waitFor();
    }
    assert.deepEqual(page.complaints, []);
    await Promise.all([page.context().close(), staff.context().close()]);
  });
}
