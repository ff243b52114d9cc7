// U2: somebody types while the network is cut, the server falls, the tab closes, or the same field is written by a
// colleague or by themselves in another window.
// Whatever stood in the field when its mark said "saved" is there afterwards; who was overtaken is told so.
//
// THROUGHLINE_CUTS says how many times (1,000), THROUGHLINE_SEED which chances.
import { test } from "node:test";
import assert from "node:assert/strict";
import { open } from "../world.mjs";
import { chance, figure, many } from "./figures.mjs";

const ASK = "expansion";
const WORDS = "the second yard and the ferry line want to see it before the summer and the board has asked twice".split(" ");
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Run in the page: tells each state of the field's mark, with what stood in the field just then. */
function follow(ask) {
  const form = document.querySelector(`#ask-${ask} form[data-autosave]`);
  const field = form.querySelector("textarea, input[type=text]");
  const mark = form.querySelector("[data-save-mark]");
  const tell = () => window.marked(mark.dataset.state, field.value);
  new MutationObserver(tell).observe(mark, { attributes: true, attributeFilter: ["data-state"] });
  field.addEventListener("input", () => queueMicrotask(tell));
}

class Desk {
  constructor(world, record) {
    Object.assign(this, { world, record });
  }
  async sit() {
    this.page = await this.world.window("amara", { looked: false });
    await this.page.exposeBinding("marked", (_, state, value) => {
      this.state = state;
      if (state === "saved") this.saved = value;
    });
    await this.back();
  }
  /** The record anew: what it shows is what was kept. */
  async back() {
    this.state = "idle";
    this.saved = "";
    await this.page.goto(this.record);
    this.form = this.page.locator(`#ask-${ASK} form[data-autosave]`);
    this.field = this.form.locator("textarea, input[type=text]").first();
    await this.page.evaluate(follow, ASK);
  }
  /** In another tab of the same browser; then what waits here is sent again. */
  async signInElsewhere() {
    const tab = await this.page.context().newPage();
    const login = this.world.demo.logins.find((one) => one.email.startsWith("amara@"));
    await tab.goto("/sign-in");
    await tab.getByLabel("Mail address").fill(login.email);
    await tab.getByLabel("Password").fill(login.password);
    await tab.getByRole("button", { name: "Sign in" }).click();
    await tab.waitForURL((url) => url.pathname !== "/sign-in");
    await tab.close();
    const again = this.form.locator("[data-save-again]");
    if (await again.isVisible()) await again.click();
  }
  async until(states, ms = 60_000) {
    const end = Date.now() + ms;
    while (!states.includes(this.state)) {
      if (Date.now() > end) {
        const there = await this.form.locator("[data-save-mark]").getAttribute("data-state").catch((why) => why.message);
        throw new Error(`the mark was told as ${this.state} and says ${there}, not ${states.join(" or ")}: ${await this.form.innerText().catch((why) => why.message)}`);
      }
      await pause(20);
    }
  }
}

/** What the server has, asked apart from every page. */
async function kept(world, reader, record) {
  const answer = await reader.request.get(record);
  assert.equal(answer.status(), 200);
  const part = (await answer.text()).split(`id="ask-${ASK}"`)[1];
  return (/<textarea[^>]*>([^<]*)<\/textarea>/.exec(part) ?? /<input[^>]*type="text"[^>]* value="([^"]*)"/.exec(part))[1].trim();
}

test("nothing that was marked as saved is lost: U2", { timeout: 7_200_000 }, async () => {
  const world = await open();
  const times = many("THROUGHLINE_CUTS", 1_000);
  const seed = many("THROUGHLINE_SEED", 20_261_123);
  const dice = chance(seed);
  const pick = (list) => list[Math.floor(dice() * list.length)];
  const lost = [];
  const silent = [];
  const premature = [];
  const counts = { cut: 0, kill: 0, close: 0, conflict: 0 };
  try {
    let reader = await world.window("amara", { looked: false });
    await reader.goto("/crm/D-1041");
    const record = (await reader.locator("a[href^='/handoffs/']").first().getAttribute("href")).split(/[?#]/)[0].split("/").slice(0, 3).join("/");
    let other = await world.window("elena", { looked: false });
    const desk = new Desk(world, record);
    await desk.sit();

    for (let n = 0; n < times; n += 1) {
      const what = pick(["cut", "cut", "kill", "close", "conflict"]);
      counts[what] += 1;
      if (process.env.TELL) console.log(n, what);
      const start = `${n}:`;
      await desk.field.fill("");
      await desk.field.pressSequentially(start, { delay: 0 });
      await desk.until(["saved"]);
      // Typing goes on for a while; what happens, happens in the middle of it.
      let typed = start;
      const typing = (async () => {
        for (let words = 3 + Math.floor(dice() * 8); words > 0; words -= 1) {
          const word = ` ${pick(WORDS)}`;
          await desk.page.keyboard.insertText(word);
          typed += word;
          await pause(dice() * 400);
        }
      })().catch(() => {});
      await pause(dice() * 1_500);

      if (what === "cut") {
        await desk.page.context().setOffline(true);
        await typing;
        await pause(dice() * 1_500);
        await desk.page.context().setOffline(false);
        await desk.until(["saved"]);
      } else if (what === "kill") {
        await world.fall();
        await typing;
        // The demo makes its passwords anew when it starts, which ends all sessions: the page stays, and says so.
        await pause(1_000);
        await desk.until(["failed", "saved"]);
        await desk.signInElsewhere();
        for (const gone of [reader, other]) await gone.context().close();
        reader = await world.window("amara", { looked: false });
        other = await world.window("elena", { looked: false });
        await desk.until(["saved"]);
      } else if (what === "close") {
        const saved = () => desk.saved;
        await desk.page.close();
        await typing;
        await pause(100);
        const there = await kept(world, reader, record);
        if (!there.startsWith(saved())) lost.push(`${n}, seed ${seed}: "${saved()}" was marked as saved, "${there}" was kept`);
        await desk.page.context().close();
        await desk.sit();
        continue;
      } else {
        await desk.page.context().setOffline(true);
        await typing;
        const writer = pick([other, reader]);
        await writer.goto(record);
        const theirs = `${n}: written by ${writer === other ? "somebody else" : "themselves, elsewhere"}`;
        const form = writer.locator(`#ask-${ASK} form[data-autosave]`);
        await form.locator("textarea, input[type=text]").first().fill(theirs);
        await form.locator("textarea, input[type=text]").first().blur();
        await writer.waitForFunction((ask) => document.querySelector(`#ask-${ask} [data-save-mark]`).dataset.state === "saved", ASK);
        await desk.page.context().setOffline(false);
        if (desk.state === "saved" && desk.saved === typed) {
          // All of it was kept before the other page was opened: what is written there goes over it, knowingly.
          typed = theirs;
        } else {
          await desk.until(["conflict", "saved"]);
          if (desk.state === "saved") {
            silent.push(`${n}, seed ${seed}: no conflict was shown, "${await kept(world, reader, record)}" was kept`);
          } else {
            const asked = await kept(world, reader, record);
            if (asked !== theirs) silent.push(`${n}, seed ${seed}: before anybody chose, "${theirs}" became "${asked}"`);
            if (dice() < 0.5) {
              await desk.form.locator("[data-conflict=mine]").click();
              await desk.until(["saved"]);
            } else {
              await desk.form.locator("[data-conflict=theirs]").click();
              await desk.page.waitForLoadState();
              typed = theirs;
            }
          }
        }
        await pause(30);
        const there = await kept(world, reader, record);
        if (there !== typed) lost.push(`${n}, seed ${seed}: "${typed}" was chosen, "${there}" was kept`);
        await desk.back();
        continue;
      }
      // All of it was typed, and the mark says saved: all of it is there.
      if (desk.saved !== typed) {
        premature.push(`${n}, seed ${seed}, ${what}: "${typed}" stood in the field, "${desk.saved}" was marked`);
        await pause(1_500);
      }
      const there = await kept(world, reader, record);
      if (!there.startsWith(desk.saved)) lost.push(`${n}, seed ${seed}, ${what}: "${desk.saved}" was marked as saved, "${there}" was kept`);
      const shown = await desk.field.inputValue();
      if (shown !== typed) lost.push(`${n}, seed ${seed}, ${what}: "${typed}" was typed, "${shown}" is shown`);
    }
    const what = Object.entries(counts).map(([name, count]) => `${count} ${name}`).join(", ");
    figure("U2 lost", `${lost.length} of ${times} lost after the mark said saved (${what}; goal: 0)`, lost);
    figure("U2 conflicts", `${silent.length} of ${counts.conflict} conflicts silent (goal: 0)`, silent);
    figure("U2 too early", `${premature.length} of ${times} marked as saved while newer words stood in the field (goal: 0)`, premature);
    assert.deepEqual([lost.length, silent.length, premature.length], [0, 0, 0]);
  } finally {
    await world.close();
  }
});
