// U7: with scripts off every page shows and offers nothing that only a script can do; the AE's form, the gate and the
// customer's portal are played through by plain.test.mjs and portal.test.mjs.
import { test } from "node:test";
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { open } from "../world.mjs";
import { everywhere } from "./crawl.mjs";
import { figure } from "./figures.mjs";

/** Run in the page: what can be pressed and would do nothing. */
function idle() {
  const shown = (one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const found = [];
  for (const one of document.querySelectorAll("button, a[href^='#']")) {
    if (!shown(one) || one.disabled) continue;
    if (one.matches("button")) {
      const sends = one.type === "submit" && one.form;
      if (!sends) found.push(one);
    } else if (one.hash.length > 1 && !document.getElementById(decodeURIComponent(one.hash.slice(1)))) {
      found.push(one);
    }
  }
  return found.map((one) => one.outerHTML.replaceAll(/\s+/g, " ").slice(0, 160));
}

test("without scripts everything still works: U7", { timeout: 1_800_000 }, async () => {
  const world = await open();
  const dead = [];
  let pages = 0;
  try {
    await everywhere(world, { options: { javaScriptEnabled: false } }, async (page, path, kind, who) => {
      pages += 1;
      dead.push(...(await page.evaluate(idle)).map((one) => `${path} (${who}): ${one}`));
      if ((await page.getByRole("heading", { level: 1 }).count()) !== 1) dead.push(`${path} (${who}): no heading`);
    });
  } finally {
    await world.close();
  }
  // The test runner leaves alone what it takes for its own child.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const words = ["--test", "--test-reporter=tap", "--test-concurrency=1", "--test-name-pattern=without scripts"];
  const stories = ["plain.test.mjs", "portal.test.mjs", "brief.test.mjs"];
  const played = spawnSync(process.execPath, [...words, ...stories], { cwd: new URL("..", import.meta.url), encoding: "utf8", env });
  const count = (word) => Number(new RegExp(`^# ${word} (\\d+)`, "m").exec(played.stdout)?.[1] ?? 0);
  figure("U7 pages", `${dead.length} things that only a script can do, on ${pages} pages with scripts off (goal: 0)`, dead);
  figure("U7 tasks", `${count("pass")} of ${count("pass") + count("fail")} stories played without scripts: the AE's form, the gate, the call sheet, the portal with signing (goal: all)`, count("fail") ? [played.stdout.slice(-3_000)] : []);
  assert.deepEqual([dead.length, count("fail")], [0, 0]);
  assert.ok(count("pass") >= 3, played.stdout);
});
