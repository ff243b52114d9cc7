// A customer is let in, comes in by mail, answers, proposes and signs: with scripts and without.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, before, test } from "node:test";
import { mail, open, sound } from "./world.mjs";

const CUSTOMER = "Pellworth Insurance";

let world;
before(async () => {
  world = await open();
});
after(async () => {
  await world?.close();
});

const region = (page, name) => page.getByRole("region", { name, exact: true });
const press = (within, name) => within.getByRole("button", { name }).first().click();
async function unfold(within, words) {
  const fold = within.getByRole("group").filter({ hasText: words }).first();
  if (!(await fold.evaluate((one) => one.open).catch(() => false))) await fold.getByText(words).first().click();
  return fold;
}

/** The lines the guide gives to whoever checks a seal without our program. */
const OUR_WORDS = /```js\n([^]*?)```/.exec(readFileSync(join(import.meta.dirname, "../../../docs/guide/portal.md"), "utf8"))[1];

/** Every file of a signature holds against the seal beside it, by the key the portal names: by the guide's few lines, and by
 *  the program. Gives the files. */
async function sealed(page, key) {
  const links = page.locator("a[download][href*='/signed/']");
  const addresses = await links.evaluateAll((all) => all.map((one) => one.getAttribute("href")));
  const folder = mkdtempSync(join(tmpdir(), "throughline-signed-"));
  const files = {};
  try {
    for (const address of addresses) {
      const answer = await page.request.get(address);
      assert.equal(answer.status(), 200, address);
      files[basename(address)] = await answer.body();
      writeFileSync(join(folder, basename(address)), files[basename(address)]);
    }
    writeFileSync(join(folder, "check.mjs"), OUR_WORDS);
    const check = (plan, seal, by) => spawnSync(process.execPath, ["check.mjs", plan, seal, by], { cwd: folder, encoding: "utf8" });
    for (const [plan, beside] of [["plan.json", "plan.seal.json"], ["plan.pdf", "plan.pdf.seal.json"], ["plan.letter.pdf", "plan.letter.pdf.seal.json"]]) {
      const { status, stderr } = check(plan, beside, key);
      assert.equal(status, 0, `${plan}: ${stderr}`);
      writeFileSync(join(folder, "changed"), Buffer.concat([files[plan], Buffer.from(" ")]));
      assert.equal(check("changed", beside, key).status, 1, `${plan} with a byte more`);
      assert.equal(check(plan, beside, Buffer.alloc(32, 7).toString("base64")).status, 1, `${plan} by another key`);
      const told = JSON.parse(execFileSync(process.env.THROUGHLINE_BIN, ["plan", "verify", join(folder, plan), "--key", key, "--json"]));
      assert.deepEqual([told.holds, told.key_checked], [true, true], plan);
    }
    return files;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Where the link of a mail leads. */
const leads = (letter) => letter.getByRole("link", { name: "Open in Throughline" }).getAttribute("href");

for (const scripts of [true, false]) {
  const how = scripts ? "with scripts" : "without scripts";
  test(`a customer comes in by mail, makes the plan and signs it, ${how}`, { timeout: 180_000 }, async () => {
    const name = scripts ? "Ines Calloway" : "Jon Park";
    const email = scripts ? "ines@pellworth.example" : "jon@pellworth.example";
    const staff = await world.window("luca");
    const look = async (page) => {
      if (scripts) await sound(page);
    };

    await staff.goto("/deals?q=Pellworth");
    await staff.getByRole("link", { name: new RegExp(CUSTOMER) }).first().click();
    await staff.waitForLoadState();
    const handoff = new URL(staff.url()).pathname;
    await staff.goto(`${handoff}/plan/customers`);
    await look(staff);
    const letIn = region(staff, "Let somebody in");
    await letIn.getByLabel("Name").fill(name);
    await letIn.getByLabel("Mail address").fill(email);
    await letIn.getByLabel("May sign the plan for the customer").check();
    await press(letIn, "Let in and mail the way");
    await staff.getByRole("status").filter({ hasText: `${name} is let in` }).waitFor();
    await look(staff);
    const invitation = await leads(await mail(staff, email, "your plan is ready for you"));
    assert.match(invitation, /^\/portal\?at=/);

    const page = await world.window(null, { javaScriptEnabled: scripts, timezoneId: "America/New_York" });
    await page.goto(invitation);
    await look(page);
    await page.getByLabel("Your work mail address").fill(email);
    await press(page, "Send me a link");
    await page.getByRole("heading", { name: "Look at your mail" }).waitFor();
    await look(page);
    const link = await leads(await mail(staff, email, "your link"));

    // Opened elsewhere first: a stranger is asked for a code, and the link is not used up by looking.
    const other = await world.window(null, { javaScriptEnabled: scripts });
    await other.goto(link);
    await other.getByText("You asked for this link in another browser").waitFor();
    await look(other);
    await other.context().close();

    await page.goto(link);
    await page.getByRole("heading", { name: `Hello ${name}` }).waitFor();
    await look(page);
    await press(page, "Open the plan");
    await page.getByRole("heading", { name: "Your success plan" }).waitFor();
    await look(page);
    for (const part of ["What we need from you", "Who is answerable for your account", "What happens next", "What success means to you", "The plan"]) {
      await region(page, part).waitFor();
    }

    const goals = region(page, "What success means to you");
    const right = goals.getByRole("button", { name: /^Still right/ });
    if (await right.count()) {
      await right.first().click();
      await page.getByRole("status").filter({ hasText: "Thank you, noted." }).waitFor();
    }
    const fold = await unfold(region(page, "What success means to you"), "Something changed");
    await fold.getByLabel("What is right now").fill(`Every claim is closed on site, says ${name}.`);
    await press(fold, "Correct it");
    await region(page, "What success means to you").getByText(`Every claim is closed on site, says ${name}.`).first().waitFor();

    const plan = region(page, "The plan");
    const own = plan.getByRole("listitem").filter({ hasText: "The first team works with it" });
    await unfold(own, /Update or comment|comment/);
    await own.getByLabel("Who owns it on your side").fill(name);
    await press(own, "Save");
    await page.getByRole("status").filter({ hasText: "Saved." }).waitFor();
    await look(page);
    await own.getByLabel("Your comment").fill("We begin with the northern team.");
    await press(own, "Comment");
    await own.getByText("We begin with the northern team.").first().waitFor();
    const propose = await unfold(plan, "Propose a milestone");
    await propose.getByLabel("What is reached").fill(`Finance reads the reports, ${how}`);
    await press(propose, "Propose");
    await region(page, "What you proposed").getByText("Waits for an answer").first().waitFor();
    await look(page);

    // The CSM answers, and the customer reads it.
    await staff.goto(`${handoff}/plan`);
    const proposal = region(staff, "What the customer proposes").getByRole("article").filter({ hasText: `Finance reads the reports, ${how}` });
    await look(staff);
    await proposal.getByRole("button", { name: /^Take it into the plan/ }).click();
    await staff.getByRole("status").filter({ hasText: "It is in the plan" }).waitFor();
    await mail(staff, email, "your proposal is in the plan");
    await staff.goto(`${handoff}/plan`);
    const ours = region(staff, "Milestones").getByRole("article").filter({ hasText: "The first team works with it" });
    const talk = await unfold(ours, /Conversation/);
    await talk.getByLabel("Comment").fill(`Welcome to the north, ${name}.`);
    await press(talk, "Comment");
    await staff.getByRole("status").filter({ hasText: "Said." }).waitFor();
    await mail(staff, email, "a comment for you in the plan");
    await page.reload();
    await region(page, "What you proposed").getByText("Accepted").first().waitFor();
    assert.match(await own.textContent(), new RegExp(`Welcome to the north, ${name}`));
    await page.getByText(`Times are those of ${scripts ? "America/New York" : "Europe/Berlin"}.`).waitFor();

    await page.getByRole("link", { name: "Read and sign" }).first().click();
    await look(page);
    await press(page, "Mail me a code");
    const said = await (await mail(staff, email, "your code to sign")).innerText();
    const [code] = /\b\d{6}\b/.exec(said);
    await page.getByLabel("Your full name").fill(name);
    await page.getByLabel("Six-digit code").fill("000000" === code ? "000001" : "000000");
    await press(page, "Sign the plan");
    await page.getByText("This is another code").waitFor();
    assert.equal(await page.getByLabel("Your full name").inputValue(), name, "what was typed stays");
    await look(page);
    await page.getByLabel("Six-digit code").fill(code);
    await press(page, "Sign the plan");
    await region(page, "Signed").getByText(`By ${name}`).waitFor();
    await look(page);
    const howTo = page.locator("details", { hasText: "How to check it" });
    const key = (await howTo.locator("code").textContent()).trim();
    const files = await sealed(page, key);
    assert.deepEqual(Object.keys(files).length, 6);
    for (const paper of ["", "?paper=letter"]) {
      const answer = await page.request.get(`${new URL(page.url()).pathname}/plan.pdf${paper}`);
      assert.equal(answer.headers()["content-type"], "application/pdf");
    }
    await staff.goto(`${handoff}/plan`);
    await region(staff, "Mutual success plan").getByText(/^Signed/).first().waitFor();
    assert.deepEqual(await sealed(staff, key), files, "whoever asks gets the same bytes");

    await press(page, "Sign out");
    await page.getByRole("heading", { name: "Open your plan" }).waitFor();
    await page.goto(link);
    await page.getByRole("heading", { name: "This link is over" }).waitFor();
    await look(page);
    assert.deepEqual(page.complaints, []);

    // The plan is changed, so that it is signed anew by whoever comes next.
    await staff.goto(`${handoff}/plan/customers`);
    await staff.getByRole("button", { name: new RegExp(`^Let in no more\\s*: ${name}`) }).click();
    await staff.getByRole("status").filter({ hasText: "let in no more" }).waitFor();
    await Promise.all([staff.context().close(), page.context().close()]);
  });
}
