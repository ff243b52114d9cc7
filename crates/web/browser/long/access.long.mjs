// U5, U6, U12: every page in every look; what axe and our own looks find, what scrolls sideways, what the policy refuses.
//
// THROUGHLINE_LOOKS=2 takes the narrowest in light and the widest in the dark only.
import { test } from "node:test";
import assert from "node:assert/strict";
import { findings, open, outside } from "../world.mjs";
import { everywhere } from "./crawl.mjs";
import { figure, many } from "./figures.mjs";
import { askedTwice, smallTargets } from "./looks.mjs";

const WIDTHS = [320, 768, 1440];
const THEMES = [
  { name: "light", colorScheme: "light", forcedColors: "none" },
  { name: "dark", colorScheme: "dark", forcedColors: "none" },
  { name: "forced colours", colorScheme: "light", forcedColors: "active" },
];
const ALL = WIDTHS.flatMap((width) => THEMES.map((theme) => ({ width, theme })));
const FEW = [ALL[0], ALL[7]];
const LOOKS = many("THROUGHLINE_LOOKS", 9) < 9 ? FEW : ALL;
/** A window of 1280 px zoomed to 400 %: what is left of it. */
const ZOOMED = { width: 320, height: 256 };

test("every page is for everybody: U5, U6, U12", { timeout: 5_400_000 }, async () => {
  const world = await open();
  const axe = [];
  const own = [];
  const sideways = [];
  const policy = [];
  let pages = 0;
  let looked = 0;
  try {
    const seen = await everywhere(world, {}, async (page, path, kind, who) => {
      pages += 1;
      for (const { width, theme } of LOOKS) {
        await page.setViewportSize({ width, height: 900 });
        await page.emulateMedia({ colorScheme: theme.colorScheme, forcedColors: theme.forcedColors, reducedMotion: "reduce" });
        const here = `${path} (${who}), ${theme.name}, ${width} px`;
        looked += 1;
        axe.push(...(await findings(page)).map((one) => `${here}: ${one.slice(0, 400)}`));
        if (theme.name === "light" || LOOKS === FEW) {
          own.push(...(await page.evaluate(smallTargets)).map((one) => `${here}: ${one}`));
          own.push(...(await page.evaluate(askedTwice)).map((one) => `${here}: ${one}`));
          const out = await page.evaluate(outside);
          if (out.length) sideways.push(`${here}: ${out.join("; ")}`);
        }
      }
      await page.setViewportSize(ZOOMED);
      const out = await page.evaluate(outside);
      if (out.length) sideways.push(`${path} (${who}), zoomed to 400 %: ${out.join("; ")}`);
      policy.push(...page.complaints.splice(0).filter((one) => !(kind === "/nothing-here" && /404/.test(one))).map((one) => `${path} (${who}): ${one}`));
      await page.emulateMedia({ colorScheme: "light", forcedColors: "none", reducedMotion: "reduce" });
      await page.setViewportSize({ width: 1280, height: 900 });
    });
    sideways.push(...(await everyHandoff(world)));
    figure("U5 axe", `${axe.length} findings on ${pages} pages of ${seen.size} kinds, ${looked} looks (goal: 0)`, axe);
    figure("U5 own", `${own.length} findings: small targets, the same asked twice in a form, drag without a button (goal: 0)`, own);
    figure("U6 reflow", `${sideways.length} pages scroll sideways at 320, 768, 1440 px or zoomed to 400 % (goal: 0)`, sideways);
    figure("U12 policy", `${policy.length} violations or errors in the console over ${pages} pages (goal: 0)`, policy);
    assert.deepEqual([axe, own, sideways, policy].map((found) => found.length), [0, 0, 0, 0]);
  } finally {
    await world.close();
  }
});

/** Every view of every handoff of the demo, at the narrowest: stages differ in what they show. */
async function everyHandoff(world) {
  const page = await world.window("elena", { looked: false, viewport: { width: 320, height: 800 } });
  await page.goto("/deals");
  const handoffs = await page.locator("main a[href^='/handoffs/']").evaluateAll((all) => [...new Set(all.map((one) => one.getAttribute("href").split(/[?#]/)[0].split("/").slice(0, 3).join("/")))]);
  const wide = [];
  for (const handoff of handoffs) {
    for (const view of ["", "/brief", "/promises", "/review", "/steps", "/gates", "/plan", "/questions", "/people", "/timeline", "/map", "/call-sheet", "/agenda", "/signs"]) {
      const answer = await page.goto(handoff + view);
      if (answer.status() !== 200) continue;
      const out = await page.evaluate(outside);
      if (out.length) wide.push(`${handoff + view}, 320 px: ${out.join("; ")}`);
    }
  }
  assert.ok(handoffs.length > 5, `only ${handoffs.length} handoffs`);
  await page.context().close();
  return wide;
}
