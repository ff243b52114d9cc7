// U5 by keyboard: on every page Tab reaches everything that can be pressed or filled, shows where it is, is covered by
// nothing and can be left again; what is folded or in a dialog opens by keyboard and is reached in the same way.
import { test } from "node:test";
import assert from "node:assert/strict";
import { open } from "../world.mjs";
import { everywhere } from "./crawl.mjs";
import { figure } from "./figures.mjs";

/** Run in the page: numbers what has to be reached, and keeps what happens to it when the focus comes. */
function watch() {
  const calm = new CSSStyleSheet();
  calm.replaceSync("*, *::before, *::after { transition: none !important; animation: none !important; scroll-behavior: auto !important; }");
  if (!window.walked) document.adoptedStyleSheets = [...document.adoptedStyleSheets, calm];
  // Looks are compared with those without the focus.
  document.activeElement?.blur();
  const front = document.querySelector("dialog[open]") ?? document.body;
  const wanted = [...front.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0'], [contenteditable=true]")]
    .filter((one) => !one.disabled && one.tabIndex >= 0 && !one.closest("[inert]") && one.checkVisibility({ visibilityProperty: true }))
    .filter((one) => front !== document.body || !one.closest("dialog"));
  const style = (one) => {
    const look = getComputedStyle(one);
    return [look.outlineStyle, look.outlineWidth, look.outlineColor, look.boxShadow, look.borderColor, look.backgroundColor, look.textDecorationLine, look.transform, look.clipPath, look.top].join("|");
  };
  const around = (one) => [one, one.parentElement, one.closest("label"), one.nextElementSibling].filter(Boolean);
  const bare = new Map(wanted.map((one) => [one, around(one).map(style).join("#")]));
  const state = (window.walked = { wanted, reached: new Set(), faint: [], covered: [], order: [] });
  window.walker?.abort();
  window.walker = new AbortController();
  const tell = (one) => one.outerHTML.replaceAll(/\s+/g, " ").slice(0, 140);
  addEventListener("focusin", ({ target }) => {
    const first = !state.reached.has(target);
    state.reached.add(target);
    state.order.push(target);
    if (!first || !bare.has(target)) return;
    if (around(target).map(style).join("#") === bare.get(target)) state.faint.push(tell(target));
    const box = target.getClientRects()[0];
    if (!box) return;
    const inset = 2;
    const points = [[0.5, 0.5], [0.1, 0.5], [0.9, 0.5], [0.5, 0.15], [0.5, 0.85]]
      .map(([x, y]) => [box.left + inset + (box.width - 2 * inset) * x, box.top + inset + (box.height - 2 * inset) * y]);
    const mine = (at) => at && (target.contains(at) || at.contains(target) || [...(target.labels ?? [])].some((label) => label.contains(at)));
    if (!points.some(([x, y]) => mine(document.elementFromPoint(x, y)))) state.covered.push(tell(target));
  }, { signal: window.walker.signal, capture: true });
  // A field for a date is entered part by part.
  const parts = { date: 4, month: 3, time: 4, "datetime-local": 8 };
  return { all: wanted.length, steps: wanted.reduce((sum, one) => sum + (parts[one.type] ?? 1), 8) };
}

/** Run in the page: what was not reached. Of radio buttons of one name one stands for all: arrows lead to the others. */
function judge() {
  const { wanted, reached, faint, covered } = window.walked;
  const same = (one, other) => one.type === "radio" && other.type === "radio" && one.name === other.name && one.form === other.form;
  const missed = wanted.filter((one) => one.isConnected && !reached.has(one) && ![...reached].some((other) => same(one, other)));
  return { missed: missed.map((one) => one.outerHTML.replaceAll(/\s+/g, " ").slice(0, 140)), faint, covered, reached: reached.size };
}

/** Presses Tab through what is in front, forwards and back. */
async function tour(page) {
  const { all, steps } = await page.evaluate(watch);
  for (let step = 0; step < steps; step += 1) await page.keyboard.press("Tab");
  const forwards = await page.evaluate(judge);
  // Backwards as far: whatever keeps the focus keeps it now.
  await page.evaluate(() => window.walked.reached.clear());
  for (let step = 0; step < steps; step += 1) await page.keyboard.press("Shift+Tab");
  const back = await page.evaluate(judge);
  return { all, ...forwards, trapped: back.missed };
}

test("everything is reached by keyboard", { timeout: 5_400_000 }, async () => {
  const world = await open();
  const found = { missed: [], trapped: [], faint: [], covered: [], shut: [] };
  let actions = 0;
  let pages = 0;
  let opened = 0;
  try {
    await everywhere(world, {}, async (page, path, kind, who) => {
      pages += 1;
      const note = (seen, where = "") => {
        for (const key of ["missed", "trapped", "faint", "covered"]) found[key].push(...seen[key].map((one) => `${path} (${who})${where}: ${one}`));
        actions += seen.all;
      };
      note(await tour(page));

      // Menus and dialogs, each opened by keyboard from its own opener.
      const openers = page.locator("details[data-menu] > summary, a[data-dialog], [data-palette-open]");
      const known = new Set();
      for (let n = 0; n < (await openers.count()); n += 1) {
        const opener = openers.nth(n);
        if (!(await opener.isVisible())) continue;
        const name = await opener.evaluate((one) => one.getAttribute("href") ?? (one.textContent.trim() || one.outerHTML.slice(0, 80)));
        if (known.has(name)) continue;
        known.add(name);
        opened += 1;
        await opener.focus();
        await page.keyboard.press("Enter");
        await page.waitForTimeout(60);
        const where = ` in ${name}`;
        const there = () => page.evaluate(() => Boolean(document.querySelector("dialog[open], details[data-menu][open]")));
        if (!(await there())) {
          found.shut.push(`${path} (${who}): Enter does not open ${name}`);
          continue;
        }
        if (await page.evaluate(() => Boolean(document.querySelector("dialog[open]")))) note(await tour(page), where);
        await page.keyboard.press("Escape");
        await page.waitForTimeout(30);
        if (await there()) {
          // From a menu the tour led away; from inside, Escape shuts it.
          found.shut.push(`${path} (${who}): Escape does not shut ${name}`);
        } else if (!(await opener.evaluate((one) => one === document.activeElement))) {
          found.shut.push(`${path} (${who}): the focus does not come back to ${name}`);
        }
      }

      // What is folded, opened by keyboard, all of it; then the tour again.
      const folds = page.locator("details:not([data-menu]):not([open]) > summary");
      let unfolded = 0;
      for (let left = await folds.count(); left > 0 && unfolded < 60; left -= 1) {
        const visible = await folds.evaluateAll((all) => all.findIndex((one) => one.checkVisibility()));
        if (visible < 0) break;
        const fold = folds.nth(visible);
        const handle = await fold.elementHandle();
        await handle.focus();
        await page.keyboard.press("Space");
        unfolded += 1;
        if (!(await handle.evaluate((one) => one.parentElement.open))) {
          found.shut.push(`${path} (${who}): Space does not open ${await handle.innerText()}`);
          await handle.evaluate((one) => (one.parentElement.open = true));
        }
      }
      if (unfolded > 0) note(await tour(page), " unfolded");
      opened += unfolded;
    });
    const goals = [
      ["missed", "not reached by Tab"],
      ["trapped", "not left by Shift+Tab"],
      ["faint", "without a visible focus"],
      ["covered", "covered while they have the focus"],
      ["shut", "folds, menus or dialogs that do not open or shut by keyboard"],
    ];
    for (const [key, words] of goals) {
      figure(`U5 keyboard`, `${found[key].length} ${words}, of ${actions} links, buttons and fields and ${opened} things to open on ${pages} pages (goal: 0)`, [...new Set(found[key])]);
    }
    assert.deepEqual(Object.values(found).map((one) => one.length), [0, 0, 0, 0, 0]);
  } finally {
    await world.close();
  }
});
