// One deal from refused to done, through the pages alone, by the people whose work it is.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { LOOKS, open, sound as soundIn } from "./world.mjs";

const CSV = `Opportunity ID,Opportunity Name,Account Name,Stage,Close Date,Amount,Amount Currency,Opportunity Owner
006TL0000000001,Yard planning,Fjordtank Services,Proposal,${date(20)},18500,EUR,Amara Osei
006TL0000000002,Second yard,Fjordtank Services,Proposal,the day after,9000,EUR,Amara Osei
`;

let world;
const seat = {};
before(async () => {
  world = await open();
});
after(async () => {
  await world?.close();
});

/** A part of the story. What comes after a part that failed would only fail after it. */
let broken = false;
function step(name, play) {
  test(name, { timeout: 60_000 }, async (t) => {
    if (broken) return t.skip("an earlier part failed");
    broken = true;
    await play();
    broken = false;
  });
}

/** What a page shows in between is looked at where room is scarcest; how pages look at rest, pages.test.mjs asks. */
const sound = (page) => soundIn(page, LOOKS.slice(0, 1));

/** A day so many days from now, as a date field holds it. */
function date(days) {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}

/** An instant so many minutes from now, as a field for date and time holds it in the company's zone. */
function instant(minutes) {
  const there = new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Berlin", dateStyle: "short", timeStyle: "short" });
  return there.format(Date.now() + minutes * 60_000).replace(" ", "T");
}

const region = (page, name) => page.getByRole("region", { name, exact: true });
const article = (page, name) => page.getByRole("article").filter({ has: page.getByRole("heading", { name, exact: true }) });
const press = (within, name) => within.getByRole("button", { name, exact: true }).click();
/** Opens what is folded under these words, unless it is open. */
async function unfold(within, words) {
  const starts = new RegExp(`^\\s*${words}`);
  const fold = within.getByRole("group").filter({ hasText: starts }).first();
  if (!(await fold.evaluate((one) => one.open))) await fold.getByText(starts).first().click();
  return fold;
}
async function told(page, words) {
  await page.getByRole("status").filter({ hasText: words }).first().waitFor();
}
async function to(page, tab) {
  await page.getByRole("navigation", { name: "Views" }).getByRole("link", { name: new RegExp(`^${tab}`) }).click();
  await page.waitForLoadState("networkidle");
}

step("RevOps checks a CRM's file, sees what is refused and imports the rest", async () => {
  const page = await world.window("elena");
  await sound(page);
  await page.getByRole("link", { name: "Import", exact: true }).click();
  await sound(page);
  await page.getByLabel("File", { exact: true }).setInputFiles({ name: "opportunities.csv", mimeType: "text/csv", buffer: Buffer.from(CSV) });
  await press(page, "Upload and check");
  const run = page.getByRole("button", { name: "Import one deal" });
  await run.waitFor();
  await page.getByRole("cell", { name: "the day after" }).waitFor();
  await sound(page);
  await run.click();
  await page.getByRole("link", { name: "See the deals" }).waitFor();
  await sound(page);
  await page.context().close();
});

step("the CRM is refused, with every gap, its owner and the place to fill it", async () => {
  const page = (seat.ae = await world.window("amara"));
  await sound(page);
  await page.goto("/crm/D-1041");
  await sound(page);
  await press(region(page, "Stage"), "Closed won");
  await page.getByRole("alert").waitFor();
  const gate = page.getByRole("region", { name: /^Handoff/ });
  assert.equal(await gate.getByRole("listitem").count(), 3);
  for (const gap of await gate.getByRole("listitem").all()) assert.match(await gap.innerText(), /Amara Osei/);
  await sound(page);
});

step("the AE fills the gaps where they are: saved by itself, an item with its evidence, none declared", async () => {
  const page = seat.ae;
  await page.getByRole("region", { name: /^Handoff/ }).getByRole("link", { name: /Why did they choose us/ }).click();
  seat.record = new URL(page.url()).pathname;
  await page.getByLabel("Why did they choose us over them?").fill("Routefinder could not plan around the ferry.");
  await page.getByLabel("Why did they choose us over them?").blur();
  await page.getByText("Handoff: 2 things are missing").waitFor();
  await sound(page);
  await page.getByRole("link", { name: /^With everything ?: executive sponsor$/ }).click();
  await page.getByLabel("Name", { exact: true }).fill("Solveig Halden");
  await page.getByLabel("How to reach them").fill("solveig@halden.example");
  await page.getByLabel("What do they want for themselves?").fill("A quiet Christmas peak");
  await page.getByLabel("What did they say?").fill("If dispatch is calm, I am calm.");
  await page.getByLabel("Said in a").selectOption("Call");
  await page.getByLabel("Who said it").fill("Solveig Halden");
  await page.getByLabel("Which one").fill("Call with the board");
  await sound(page);
  await press(page, "Save");
  await page.getByText(/^Handoff: one thing is missing/i).waitFor();
  const none = region(page, "What could derail it");
  await (await unfold(none, "There are none of these")).getByRole("button").click();
  await page.getByText("15 of 15").waitFor();
  await page.getByRole("link", { name: /^With everything ?: promise$/ }).click();
  await page.getByLabel("What were they promised?").fill("A fifth month free if the pilot slips");
  await page.getByLabel("What sort").selectOption("A price");
  await page.getByLabel("How firmly").selectOption("Implied");
  await page.getByLabel("Who owes it").selectOption("We");
  await page.getByLabel("Due", { exact: true }).fill(date(40));
  await page.getByLabel("In the contract").selectOption("No");
  await page.getByLabel("Said in a").selectOption("Mail");
  await page.getByLabel("Who said it").fill("Anders Ruud");
  await page.getByLabel("Which one").fill("Re: terms");
  await sound(page);
  await press(page, "Save");
  await to(page, "Promises");
  await sound(page);
});

step("the deal desk decides the promise, and the CRM's gate passes", async () => {
  const page = await world.window("dana");
  await page.goto("/deal-desk");
  const promise = article(page, "A fifth month free if the pilot slips");
  await promise.getByLabel("Reason").fill("One month, once; it is in the margin.");
  await sound(page);
  await press(promise, "Approve");
  await promise.waitFor({ state: "detached" });
  await sound(page);
  await page.context().close();
  await seat.ae.goto("/crm/D-1041");
  await press(region(seat.ae, "Stage"), "Closed won");
  await seat.ae.getByRole("region", { name: /^Handoff/ }).getByText("Passed").first().waitFor();
  await sound(seat.ae);
});

step("the CS leader nominates, the AE offers", async () => {
  const page = await world.window("ruth");
  await sound(page);
  await page.goto(`${seat.record}/review`);
  const offer = region(page, "Offer");
  await choose(offer.getByLabel("To whom?"), /Luca Moretti/);
  await press(offer, "Only nominate");
  await offer.getByText("Luca Moretti").first().waitFor();
  await sound(page);
  await page.context().close();
  await seat.ae.goto(`${seat.record}/review`);
  await offered(seat.ae);
  await sound(seat.ae);
});

step("the CSM sends it back once with a code, the AE answers, the CSM accepts", async () => {
  const page = (seat.csm = await world.window("luca"));
  await sound(page);
  await page.goto(`${seat.record}/review`);
  await sound(page);
  const back = await unfold(region(page, "Offer"), "Send it back");
  await back.getByLabel("What is the matter?").selectOption({ index: 1 });
  await back.getByLabel("What has to be mended?").fill("Who plans when Ingrid is away?");
  await press(back, "Send it back");
  await region(page, "Returns").getByText("Who plans when Ingrid is away?").waitFor();
  await seat.ae.goto(`${seat.record}/review`);
  await seat.ae.getByLabel("What did you mend?").fill("Pål Eide stands in; he is among the people now.");
  await press(seat.ae, "Answer the return");
  await offered(seat.ae);
  await page.reload();
  for (const category of ["Customer intent", "Stakeholder map", "Scope and expectations", "Implementation risk"]) {
    const card = article(page, category);
    await unfold(card, "Mark it");
    await card.getByLabel("Clear", { exact: true }).check();
    await press(card, "Save the mark");
    await card.getByText("Luca Moretti").first().waitFor();
  }
  await press(page, "Accept the account");
  await region(page, "Offer").getByText(/^Accepted/).first().waitFor();
  await sound(page);
});

step("the AE introduces, the CSM confirms, and ownership moves", async () => {
  await seat.ae.goto(`${seat.record}/steps`);
  await sound(seat.ae);
  await report(seat.ae, "Warm introduction", { form: "Mail to the executive, champion in copy" });
  await seat.csm.goto(`${seat.record}/steps`);
  const step = region(seat.csm, "Warm introduction");
  await press(step, "Confirm it");
  const owner = region(seat.csm, "Who is answerable");
  await owner.getByText("Luca Moretti").first().waitFor();
  await sound(seat.csm);
});

step("the kickoff is booked, confirmed and held; the plan is confirmed, the record rated, the handoff done", async () => {
  const page = seat.csm;
  await report(page, "First contact by the CSM");
  await report(page, "Kickoff booked", { "Booked for": instant(3 * 24 * 60) });
  await seat.ae.goto(`${seat.record}/steps`);
  await report(seat.ae, "Internal handoff call", { form: "Call" });
  await page.goto(`${seat.record}/steps`);
  await press(region(page, "Internal handoff call"), "Confirm it");
  await press(page, "Confirm the kickoff");
  await page.getByText(/^Confirmed /).first().waitFor();
  await sound(page);
  await to(page, "Plan");
  await press(page, "Open the plan");
  await region(page, "Milestones").waitFor();
  await sound(page);
  await to(page, "Steps");
  await report(page, "Kickoff", { "When it ended": instant(-1), "When it happened": instant(-40) });
  await to(page, "Plan");
  const plan = await unfold(region(page, "Mutual success plan"), "Record the customer's confirmation");
  await plan.getByLabel("Mail").check();
  await plan.getByLabel("Said in a").selectOption("Mail");
  await plan.getByLabel("Who said it").fill("Ingrid Solberg");
  await plan.getByLabel("Which one").fill("Re: our plan");
  await press(plan, "The customer confirmed it");
  await region(page, "Mutual success plan").getByText(/recorded by Luca Moretti/).waitFor();
  await sound(page);
  await to(page, "Review");
  const rating = article(page, "After the kickoff");
  for (const key of ["r", "5"]) await page.keyboard.press(key);
  await rating.getByText(/^Luca Moretti/).waitFor();
  await sound(page);
  await to(page, "Gates");
  await sound(page);
  await press(page, "Call it done");
  await told(page, "Done. Aftercare goes on");
  for (const tab of ["Record", "Promises", "Review", "Steps", "Gates", "Plan", "Questions", "Timeline"]) {
    await to(page, tab);
    await sound(page);
  }
});

async function choose(list, name) {
  const label = (await list.getByRole("option").allInnerTexts()).find((one) => name.test(one));
  await list.selectOption({ label });
}

async function offered(page) {
  const offer = region(page, "Offer");
  await choose(offer.getByLabel("To whom?"), /Luca Moretti/);
  await press(offer, "Offer the record");
  await offer.getByText(/^Offered /).first().waitFor();
}

async function report(page, name, { form, ...more } = {}) {
  const step = region(page, name);
  const fold = await unfold(step, "Report it");
  if (form) await fold.getByLabel(form).check();
  for (const [label, value] of Object.entries(more)) await fold.getByLabel(label).fill(value);
  await press(fold, "Report");
  await told(page, "Reported.");
}

// Where a test fails, what the people saw is worth more than a line number.
if (process.env.SHOTS) {
  afterEach(async () => {
    mkdirSync(process.env.SHOTS, { recursive: true });
    for (const [n, context] of world.browser.contexts().entries()) {
      for (const page of context.pages()) {
        await page.screenshot({ path: `${process.env.SHOTS}/last-${n}.png`, fullPage: true });
        writeFileSync(`${process.env.SHOTS}/last-${n}.aria`, await page.locator("body").ariaSnapshot());
      }
    }
  });
}
