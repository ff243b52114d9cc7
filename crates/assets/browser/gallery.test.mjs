// Every component, in both themes, in forced colours, in the stretched language, from 320 pixels to wide:
// axe finds nothing, nothing sticks out sideways, every target is large enough, the security policy is not hurt.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { AxeBuilder } from "@axe-core/playwright";
import { open } from "./world.mjs";

let world;
before(async () => { world = await open(); });
after(() => world.close());
afterEach(() => world.closePages());

/** WCAG 2.5.8: 24 by 24, except links within a sentence and boxes whose label is the target. */
function tooSmall() {
  const targets = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")];
  return targets
    .filter((target) => target.checkVisibility() && !target.matches(".link, label input"))
    .map((target) => [target, target.getBoundingClientRect()])
    .filter(([, { width, height }]) => width > 1 && (width < 24 || height < 24))
    .map(([target, { width, height }]) => `${width}x${height} ${target.outerHTML.slice(0, 80)}`);
}

function sticksOut() {
  const { scrollWidth, clientWidth } = document.documentElement;
  return scrollWidth > clientWidth ? [`${scrollWidth} > ${clientWidth}`] : [];
}

const looks = [
  { theme: "light", colorScheme: "light" },
  { theme: "dark", colorScheme: "light" },
  { theme: "system", colorScheme: "dark" },
  { theme: "system", colorScheme: "light", forcedColors: "active" },
];
for (const name of ["handoff", "queue", "parts", "sign-in"]) {
  looks.forEach(({ theme, ...media }, number) => {
    test(`${name} is sound in ${theme} ${JSON.stringify(media)}`, async () => {
      // What fits does not depend on colours, nor the colours on what fits: each pair of looks has all four.
      const [small, wide] = number % 2 === 0 ? ["en", "en-x-pseudo"] : ["en-x-pseudo", "en"];
      for (const [locale, width] of [[small, 320], [wide, 1440]]) {
        const page = await world.page(`${name}.${theme}.${locale}.html`, { ...media, viewport: { width, height: 900 } });
        const { violations } = await new AxeBuilder({ page }).analyze();
        const found = violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 120)}`));
        found.push(...await page.evaluate(tooSmall), ...await page.evaluate(sticksOut), ...page.complaints);
        assert.deepEqual(found, [], `${locale} at ${width}`);
      }
    });
  });
}

test("open menus and dialogs are sound, too", async () => {
  const page = await world.page("handoff.light.en.html");
  const check = async (what) => {
    await page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => {}))));
    const { violations } = await new AxeBuilder({ page }).analyze();
    assert.deepEqual(violations.map(({ id }) => id), [], what);
  };
  await page.getByRole("link", { name: "Return" }).click();
  await check("dialog");
  assert.equal(await page.evaluate(() => document.activeElement.name), "reason", "the first field has the keyboard");
  await page.keyboard.press("Escape");
  await page.locator(".who summary").click();
  await check("menu");
  await page.keyboard.press("Escape");
  assert.equal(await page.locator(".who").evaluate((menu) => menu.open), false);
  await page.keyboard.press("?");
  await check("shortcuts");
  await page.getByRole("checkbox", { name: /shortcuts/ }).uncheck();
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  assert.equal(await page.locator("dialog[open]").count(), 0, "switched off means off");
});

test("a dialog opens without scripts, by its address", async () => {
  const page = await world.page("handoff.light.en.html", { javaScriptEnabled: false });
  await page.getByRole("link", { name: "Return" }).click();
  assert.ok(await page.getByRole("button", { name: "Return the record" }).isVisible());
});

test("the theme turns at once and is told to the server", async () => {
  const told = [];
  world.answer = (request, response, body) => {
    told.push(`${request.method} ${request.url} ${body}`);
    response.writeHead(303, { Location: "/queue" }).end();
  };
  const page = await world.page("queue.light.en.html");
  await page.locator(".who summary").click();
  const answered = page.waitForResponse("**/theme");
  await page.getByRole("button", { name: "Dark" }).click();
  await answered;
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "throughline-dark");
  assert.deepEqual(told.filter((line) => line.startsWith("POST")), ["POST /theme back=%2Fqueue&theme=dark"]);
  world.answer = null;
});
