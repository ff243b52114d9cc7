// U9: Lighthouse on ten pages, as a desktop, signed in where a page asks for it. About 20 s a page.
import { test } from "node:test";
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import lighthouse, { desktopConfig } from "lighthouse";
import { chromium } from "playwright-core";
import { chromiumOptions, open } from "../world.mjs";
import { figure, many } from "./figures.mjs";

const GOALS = { accessibility: 100, performance: 95, "best-practices": 95 };

/** A port nobody listens at. */
const free = () => new Promise((found) => {
  const asked = createServer().listen(0, "127.0.0.1", () => {
    const { port } = asked.address();
    asked.close(() => found(port));
  });
});

test("Lighthouse has little to say: U9", { timeout: 1_800_000 }, async () => {
  const world = await open();
  const port = await free();
  const profile = mkdtempSync(join(tmpdir(), "throughline-lighthouse-"));
  const browser = await chromium.launchPersistentContext(profile, { ...chromiumOptions(`--remote-debugging-port=${port}`), baseURL: world.url });
  try {
    const page = await browser.newPage();
    const login = world.demo.logins.find((one) => one.email.startsWith("amara@"));
    await page.goto("/crm/D-1041");
    await page.goto("/sign-in");
    await page.getByLabel("Mail address").fill(login.email);
    await page.getByLabel("Password").fill(login.password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.waitForURL((url) => url.pathname !== "/sign-in");
    await page.goto("/crm/D-1041");
    const record = (await page.locator("a[href^='/handoffs/']").first().getAttribute("href")).split(/[?#]/)[0].split("/").slice(0, 3).join("/");
    const paths = ["/queue", "/deals", "/week", record, `${record}/brief`, `${record}/promises`, `${record}/steps`, `${record}/gates`, `${record}/review`, "/portal"].slice(0, many("THROUGHLINE_PAGES", 10));
    const short = [];
    const scores = [];
    for (const path of paths) {
      const result = await lighthouse(world.url + path, { port, disableStorageReset: true, onlyCategories: Object.keys(GOALS), logLevel: "error" }, desktopConfig);
      const { categories, audits, finalDisplayedUrl } = result.lhr;
      assert.equal(new URL(finalDisplayedUrl).pathname, path, "another page was looked at");
      const got = Object.fromEntries(Object.keys(GOALS).map((name) => [name, Math.round((categories[name].score ?? 0) * 100)]));
      const kind = path.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, "*");
      const poor = Object.keys(GOALS).filter((name) => got[name] < GOALS[name]);
      const why = poor.flatMap((name) => categories[name].auditRefs.filter(({ id, weight }) => weight > 0 && audits[id].score !== null && audits[id].score < 0.9).map(({ id }) => `${id} ${audits[id].displayValue ?? ""}`.trim()));
      scores.push(`${kind}: ${Object.entries(got).map(([name, score]) => `${name} ${score}`).join(", ")}${why.length ? ` (${why.join("; ")})` : ""}`);
      short.push(...poor.map((name) => `${kind}: ${name}`));
    }
    figure("U9 Lighthouse", `${short.length} scores too low on ${paths.length} pages (goal: accessibility 100, performance and best practices >= 95)`, scores);
    assert.deepEqual(short, []);
  } finally {
    await browser.close();
    await world.close();
    rmSync(profile, { recursive: true, force: true });
  }
});
