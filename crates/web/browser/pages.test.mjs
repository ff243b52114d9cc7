// Every page, by the people it is for: it shows, it fits, axe finds nothing, and it holds to the content policy.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { LOOKS, open, sound } from "./world.mjs";

/** Pages that show each person something else; the others are looked at once, by the first who is led there. */
const OWN = ["/queue", "/handoffs/*", "/handoffs/*/review", "/deal-desk"];
/** Not pages: files, and what a browser would download. */
const FILES = /\.(json|yaml|csv|md|txt|pdf)(\?|$)|\/(api|assets)\//;

let world;
const seen = new Set();
before(async () => {
  world = await open();
});
after(async () => {
  await world?.close();
});

/** An address with what it is about left out: pages of one kind have one shape, however they are filtered. */
function shape(path) {
  const [way, query] = path.split("?");
  const list = /(?:^|&)list=(\w+)/.exec(query ?? "")?.[1];
  const kind = way
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "*")
    .replace(/^\/crm\/.+/, "/crm/*")
    .replace(/^\/problems\/.+/, "/problems/*")
    .replace(/^\/playbooks\/[^/]+/, "/playbooks/*");
  return list ? `${kind} ${list}` : kind;
}

/** What this page leads to, once it was found sound. */
async function look(page, path, looks) {
  const answer = await page.goto(path);
  if (!answer.headers()["content-type"].startsWith("text/html")) return [];
  assert.equal(answer.status(), 200, path);
  assert.equal(await page.getByRole("heading", { level: 1 }).count(), 1, path);
  await sound(page, looks);
  const links = await page.locator("a[href^='/']").evaluateAll((all) => all.map((one) => one.getAttribute("href")));
  // The mailbox holds everybody's mail: what it leads to need not be this reader's.
  const led = path.startsWith("/mailbox") ? links.filter((link) => link.startsWith("/mailbox")) : links;
  return led.map((link) => link.split("#")[0]).filter((link) => !FILES.test(link));
}

for (const who of ["elena", "amara", "mei", "ruth", "dana", "piotr", "sofia", "tom", "grace"]) {
  test(`every page ${who} is led to shows, small and wide`, { timeout: 600_000 }, async () => {
    // Two windows share the work: a browser thinks about each page in a process of its own.
    const windows = [await world.window(who), await world.window(who)];
    const before = new Set(seen);
    const mine = new Set();
    const isNext = (path) => {
      const kind = shape(path);
      const next = !mine.has(kind) && (!before.has(kind) || OWN.includes(kind));
      if (next) mine.add(kind);
      return next;
    };
    for (let next = ["/queue"].filter(isNext); next.length > 0; ) {
      const paths = next.values();
      const led = [];
      await Promise.all(windows.map(async (page) => {
        for (const path of paths) led.push(...(await look(page, path, before.has(shape(path)) ? LOOKS.slice(0, 1) : LOOKS)));
      }));
      next = led.filter(isNext);
    }
    for (const kind of mine) seen.add(kind);
    for (const page of windows) await page.context().close();
  });
}

test("all there is was looked at", () => {
  for (const kind of [
    "/queue", "/deals", "/deal-desk", "/people", "/people/*", "/people/*/share", "/playbooks", "/import", "/settings", "/settings/mail", "/mailbox", "/crm", "/crm/*",
    "/handoffs/*", ...["brief", "map", "call-sheet", "agenda", "signs", "promises", "review", "steps", "gates", "plan", "questions", "timeline"].map((view) => `/handoffs/*/${view}`),
  ]) assert.ok(seen.has(kind), `${kind} is not among ${[...seen].sort().join(" ")}`);
});
