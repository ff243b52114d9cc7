// The demo company in a folder of its own, a Chromium, and pages that keep what went wrong on them.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

// Put into the page as it is: a wrapper that gathers from frames, of which our pages have none, takes five times as long.
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const QUIET = ["--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"];

/** The looks every page has to bear: the narrowest in light, a wide one in the dark. */
export const LOOKS = [
  { name: "light and narrow", viewport: { width: 320, height: 800 }, colorScheme: "light" },
  { name: "dark and wide", viewport: { width: 1440, height: 900 }, colorScheme: "dark" },
];

/** How Chromium is started, with further words for it. */
export const chromiumOptions = (...words) => ({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  // Chromium has no sandbox for root, whom a container's tests run as.
  chromiumSandbox: process.getuid?.() !== 0,
  args: [...QUIET, ...words],
});

/** Starts the binary in `THROUGHLINE_BIN` with further words for the demo; answers when it listens. */
export async function open(...words) {
  const binary = process.env.THROUGHLINE_BIN;
  assert.ok(binary, "THROUGHLINE_BIN names no binary");
  const folder = mkdtempSync(join(tmpdir(), "throughline-pages-"));
  const serve = (at) => spawn(binary, ["demo", "--json", "--listen", at, "--data", folder, ...words], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let server = serve("127.0.0.1:0");
  const demo = await started(server);
  const browser = await chromium.launch(chromiumOptions());
  const world = { demo, url: demo.address, browser };

  /** Ends the server as a fall of power would, and starts it again where it was, on what it had kept. */
  world.fall = async () => {
    const ended = new Promise((done) => server.once("exit", done));
    server.kill("SIGKILL");
    await ended;
    server = serve(new URL(world.url).host);
    world.demo.logins = (await started(server)).logins;
  };

  /** A window of its own, signed in as the person of this mail name; nobody where it is left out. `looked`: whether the
   *  sign-in page is looked at on the way. */
  world.window = async (who, { looked = true, ...options } = {}) => {
    const context = await browser.newContext({
      baseURL: world.url, viewport: { width: 1280, height: 900 }, locale: "en-GB", timezoneId: "Europe/Berlin",
      reducedMotion: "reduce", ...options,
    });
    context.setDefaultTimeout(10_000);
    const page = await context.newPage();
    page.complaints = [];
    watch(page);
    if (who) await signIn(page, demo, who, looked && options.javaScriptEnabled !== false);
    return page;
  };
  world.close = async () => {
    await browser.close();
    const ended = new Promise((done) => server.once("exit", done));
    server.kill("SIGTERM");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  return world;
}

/** The address and log-ins the server prints, as JSON, once it listens. */
async function started(server) {
  let said = "";
  for await (const line of createInterface({ input: server.stdout })) {
    said += line;
    try {
      return JSON.parse(said);
    } catch {
      // Not all of it yet.
    }
  }
  throw new Error(`the demo did not start: ${said}`);
}

function watch(page) {
  page.on("console", (message) => {
    // The browser reports refusals itself; those the tests ask for are answers, not faults of a page.
    const refused = /^Failed to load resource: .* 4(09|10|12|22) /.test(message.text());
    if (message.type() === "error" && !refused) page.complaints.push(message.text());
  });
  page.on("pageerror", (error) => page.complaints.push(error.message));
  page.exposeBinding("violated", (_, what) => page.complaints.push(`policy: ${what}`));
  page.addInitScript(() => {
    addEventListener("securitypolicyviolation", (event) => window.violated(`${event.violatedDirective} ${event.blockedURI}`));
  });
}

async function signIn(page, demo, who, scripts) {
  const login = demo.logins.find((one) => one.email.startsWith(`${who}@`));
  await page.goto("/sign-in");
  if (scripts) await sound(page);
  await page.getByLabel("Mail address").fill(login.email);
  await page.getByLabel("Password").fill(login.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL((url) => url.pathname !== "/sign-in");
}

/** Run in the page: where it scrolls sideways, by how much, and the innermost elements that make it. */
export function outside() {
  const edge = document.documentElement.clientWidth;
  const wide = document.documentElement.scrollWidth - edge;
  if (wide <= 0) return [];
  // What an element holds may stick out of it.
  const held = (one) => (getComputedStyle(one).overflowX === "visible" ? one.scrollWidth : 0);
  const end = (one) => Math.max(one.getBoundingClientRect().right, one.getBoundingClientRect().left + held(one));
  const past = (one) => Math.round(end(one) - edge);
  // What is placed absolutely is clipped by the boxes it is placed in, not by those it stands in.
  const around = (one) => (getComputedStyle(one).position === "absolute" ? one.offsetParent : one.parentElement);
  const boxed = (one) => {
    const box = around(one);
    return Boolean(box) && box !== document.body && (getComputedStyle(box).overflowX !== "visible" || boxed(box));
  };
  const out = [...document.body.querySelectorAll("*")].filter((one) => past(one) > 0 && !boxed(one));
  const inner = out.filter((one) => !out.some((other) => other !== one && one.contains(other)));
  return [`${wide} px too wide`, ...inner.map((one) => `${past(one)} px: ${one.outerHTML.slice(0, 200)}`)];
}

/** What axe finds on the page as it looks now, each with the element it means. */
export async function findings(page) {
  assert.equal(page.frames().length, 1, `${page.url()}: a frame, which axe would not look into`);
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(AXE);
  return page.evaluate(async (rules) => {
    const { violations } = await globalThis.axe.run(document, { runOnly: rules, resultTypes: ["violations"] });
    return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}\n${node.failureSummary}`));
  }, RULES);
}

/** Nothing went wrong on this page; in both looks it fits and axe finds nothing. */
export async function sound(page, looks = LOOKS) {
  const before = page.viewportSize();
  for (const look of looks) {
    await page.setViewportSize(look.viewport);
    await page.emulateMedia({ colorScheme: look.colorScheme, reducedMotion: "reduce" });
    await page.evaluate(() => Promise.allSettled(document.getAnimations().map((one) => one.finished)));
    const here = `${new URL(page.url()).pathname}, ${look.name}`;
    assert.deepEqual(await page.evaluate(outside), [], `${here}: wider than the window`);
    assert.deepEqual(await findings(page), [], here);
  }
  await page.setViewportSize(before);
  assert.deepEqual(page.complaints, [], page.url());
}

/** The newest mail to somebody outside with these words in its subject, as the demo's mailbox shows it. */
export async function mail(staff, to, subject) {
  for (let tries = 0; tries < 60; tries += 1) {
    await staff.goto("/mailbox");
    const row = staff.getByRole("navigation", { name: "Messages" }).getByRole("link").filter({ hasText: subject }).first();
    if (await row.count()) {
      await row.click();
      const letter = staff.getByRole("article");
      await letter.getByRole("heading", { name: subject }).waitFor();
      if ((await letter.innerText()).includes(`To ${to}`)) return letter;
    }
    await staff.waitForTimeout(250);
  }
  throw new Error(`no mail to ${to} about ${subject}`);
}
