// U10: every page in a language nobody speaks. English is made longer by two fifths and every letter of it gets an
// accent, so that what still reads as English was never in a catalogue, or is data; read from right to left, too; and
// by a reader whose clock is elsewhere.
import { test } from "node:test";
import assert from "node:assert/strict";
import { open, outside } from "../world.mjs";
import { everywhere } from "./crawl.mjs";
import { figure } from "./figures.mjs";
import { cutOff } from "./looks.mjs";

const STRETCHED = "en-x-pseudo";
const MIRRORED = "en-x-mirror";
/** Words that are the same in every language, or that are no words: names of formats, keys, currencies, signs. */
const SAME = [
  "Throughline", "Salesforce", "HubSpot", "CRM", "CSV", "YAML", "JSON", "CEL", "PDF", "ARR", "Ctrl", "Esc", "Enter", "Tab", "Shift", "EUR", "USD", "GBP", "JPY",
];

/** Run in the page: every text a person reads, with its place. */
function texts() {
  const read = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const around = node.parentElement;
    // What people wrote, what is code, and what a reader never gets to see.
    if (around.closest("script, style, template, code, pre, kbd, textarea, [data-words], [lang]:not(html)")) continue;
    if (node.data.trim()) read.push([node.data.trim().replaceAll(/\s+/g, " "), around.outerHTML.replaceAll(/\s+/g, " ").slice(0, 120)]);
  }
  for (const one of document.querySelectorAll("[aria-label], [title], [placeholder], [alt], [data-label]")) {
    for (const name of ["aria-label", "title", "placeholder", "alt", "data-label"]) {
      const words = one.getAttribute(name);
      if (words?.trim()) read.push([words.trim().replaceAll(/\s+/g, " "), `${name} of ${one.outerHTML.replaceAll(/\s+/g, " ").slice(0, 120)}`]);
    }
  }
  read.push([document.title, "title of the page"]);
  return read;
}

/** Everything the organisation itself wrote, in one text: what its API tells, its playbooks, its mail. */
async function written(world) {
  const page = await world.window("elena", { looked: false });
  let all = world.demo.logins.map((login) => `${login.name} ${login.email} ${login.role}`).join("\n");
  const take = async (path) => {
    const answer = await page.request.get(path);
    if (answer.ok()) all += `\n${await answer.text()}`;
    return answer;
  };
  for (const path of ["people", "teams", "playbooks", "settings", "event-sources", "tokens", "templates", "commitments", "week", "mail", "audit", "me", "me/sessions", "me/letters"]) await take(`/api/v1/${path}`);
  const list = await (await take("/api/v1/handoffs?limit=100")).json();
  for (const one of list.rows) {
    for (const part of ["", "/handover", "/journal", "/timeline", "/meetings", "/mail"]) await take(`/api/v1/handoffs/${one.id}${part}`);
  }
  // The letters are written by another part of the product, in the language of whom they are for.
  for (const shelf of ["/mailbox", "/letters"]) {
    await page.goto(shelf);
    all += `\n${await page.locator("main").innerText()}`;
    const links = await page.locator(`a[href^='${shelf}/']`).evaluateAll((some) => some.map((one) => one.getAttribute("href")));
    for (const link of new Set(links)) {
      const answer = await page.request.get(link);
      all += `\n${(await answer.text()).replaceAll(/<[^>]+>/g, " ").replaceAll(/&#39;|&#x27;/g, "'").replaceAll("&amp;", "&")}`;
    }
  }
  const { readFileSync, readdirSync } = await import("node:fs");
  const playbooks = new URL("../../../../playbooks/", import.meta.url);
  for (const file of readdirSync(playbooks)) if (file.endsWith(".yaml")) all += `\n${readFileSync(new URL(file, playbooks), "utf8")}`;
  await page.context().close();
  return flat(all.replaceAll(/\\n|\\"/g, " "));
}

const flat = (text) => text.replaceAll(/[\s"“”„]+/g, " ").toLowerCase();

/** The runs of plain letters in a text that is accented everywhere else. */
function plain(words) {
  const runs = words.match(/[A-Za-z][A-Za-z'’.,:;!?()&/@+\-0-9 –…%]*[A-Za-z]|[A-Za-z]{2,}/g) ?? [];
  return runs.map((run) => run.trim()).filter((run) => /[A-Za-z]{3}/.test(run));
}

for (const [locale, words] of [[STRETCHED, "stretched"], [MIRRORED, "from right to left"]]) {
  test(`every page is translated and fits, ${words}`, { timeout: 3_600_000 }, async () => {
    const world = await open();
    const untranslated = new Map();
    const wide = [];
    const turned = [];
    let pages = 0;
    let read = 0;
    try {
      const data = locale === STRETCHED ? await written(world) : "";
      const prepare = (page) => page.context().addCookies([{ name: "throughline_locale", value: locale, url: world.url }]);
      await everywhere(world, { prepare }, async (page, path, kind, who) => {
        pages += 1;
        const here = `${path} (${who})`;
        if ((await page.locator("html").getAttribute("lang")) !== locale) {
          turned.push(`${here}: in ${await page.locator("html").getAttribute("lang")}`);
        }
        // A letter is in the language of whom it is for, and so is what stands in it to try a text out.
        if (locale === STRETCHED && !/^\/(mailbox|letters|settings\/templates)\/\*/.test(kind)) {
          for (const [text, place] of await page.evaluate(texts)) {
            read += 1;
            for (const run of plain(text)) {
              const known = flat(run).trim();
              if (SAME.includes(run) || data.includes(known)) continue;
              // A run may join two pieces of data by a sign.
              if (run.split(/[,:;·–()/]\s*|\s-\s/).every((piece) => !/[A-Za-z]{3}/.test(piece) || SAME.includes(piece.trim()) || data.includes(flat(piece).trim()))) continue;
              if (!untranslated.has(run)) untranslated.set(run, `${here}: ${run} — ${place}`);
            }
          }
        }
        if (locale === MIRRORED) {
          if ((await page.locator("html").getAttribute("dir")) !== "rtl") turned.push(`${here}: not from right to left`);
          await page.setViewportSize({ width: 1440, height: 900 });
          turned.push(...(await page.evaluate(unturned)).map((one) => `${here}: ${one}`));
        }
        for (const width of [320, 1440]) {
          await page.setViewportSize({ width, height: 900 });
          const out = [...(await page.evaluate(outside)), ...(await page.evaluate(sticksLeft)), ...(await page.evaluate(cutOff))];
          wide.push(...out.map((one) => `${here}, ${width} px: ${one}`));
        }
        await page.setViewportSize({ width: 1280, height: 900 });
      });
      if (locale === STRETCHED) {
        figure("U10 translated", `${untranslated.size} different texts that no catalogue knows, of ${read} read on ${pages} pages (goal: 0)`, [...untranslated.values()]);
      } else {
        figure("U10 mirrored", `${turned.length} things not turned on ${pages} pages (goal: 0)`, turned);
      }
      figure(`U10 overflow, ${words}`, `${wide.length} texts cut off or pages too wide, on ${pages} pages at 320 and 1440 px (goal: 0)`, wide);
      assert.deepEqual([untranslated.size, turned.length, wide.length], [0, 0, 0]);
    } finally {
      await world.close();
    }
  });
}

/** Run in the page: what hangs out of the window to the left, where a page from right to left scrolls. */
function sticksLeft() {
  if (document.documentElement.dir !== "rtl") return [];
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  return wide > 0 ? [`${wide} px too wide to the left`] : [];
}

/** Run in the page: what stands where it would stand from left to right. */
function unturned() {
  const found = [];
  const side = document.querySelector(".shell > .side");
  if (side?.checkVisibility() && side.getBoundingClientRect().left < innerWidth / 2) found.push("the side bar is on the left");
  const title = document.querySelector("h1");
  const main = document.querySelector("main .page, main");
  if (title && main) {
    const [word, page] = [title.getBoundingClientRect(), main.getBoundingClientRect()];
    const range = document.createRange();
    range.selectNodeContents(title);
    const ink = range.getBoundingClientRect();
    if (ink.width < word.width * 0.8 && ink.left - word.left < word.right - ink.right && getComputedStyle(title).textAlign !== "center") found.push("the heading begins on the left");
    if (page.width === 0) found.push("the page has no width");
  }
  // Properties that name a side instead of a direction show by what they leave on the wrong one.
  for (const one of document.querySelectorAll("main th, main td, main label, main p")) {
    const align = getComputedStyle(one).textAlign;
    if (align === "left") found.push(`aligned to the left: ${one.outerHTML.slice(0, 120)}`);
  }
  return found;
}

test("every time is the reader's own", { timeout: 600_000 }, async () => {
  const world = await open();
  const wrong = [];
  let times = 0;
  try {
    const page = await world.window("elena", { looked: false, timezoneId: "America/Los_Angeles" });
    for (const zone of ["Pacific/Auckland", "America/St_Johns"]) {
      await page.goto("/settings");
      const form = page.locator("form[action='/settings/zone']");
      await form.locator("[name=zone]").fill(zone);
      await form.locator("button[type=submit]").click();
      await page.waitForLoadState();
      await page.goto("/deals");
      const handoff = (await page.locator("main a[href^='/handoffs/']").first().getAttribute("href")).split(/[?#]/)[0].split("/").slice(0, 3).join("/");
      for (const path of [handoff, `${handoff}/steps`, `${handoff}/timeline`, `${handoff}/gates`, `${handoff}/questions`, "/settings/audit", "/settings", "/letters", "/settings/mail"]) {
        await page.goto(path);
        const shown = await page.locator("time[datetime*=T]").evaluateAll((all) => all.map((one) => [one.getAttribute("datetime"), one.innerText, one.title]));
        for (const [instant, words, title] of shown) {
          const there = new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit" }).format(new Date(instant));
          const day = new Intl.DateTimeFormat("en-GB", { timeZone: zone, day: "numeric" }).format(new Date(instant));
          times += 1;
          const said = `${words} ${title}`;
          if (/\d\d:\d\d/.test(said) && !said.includes(there)) wrong.push(`${path}: ${instant} is ${there} in ${zone}, not ${said}`);
          else if (/\d\d:\d\d/.test(said) && !new RegExp(`\\b${day}\\b`).test(said)) wrong.push(`${path}: ${instant} is on the ${day}. in ${zone}, not ${said}`);
        }
      }
    }
    figure("U10 zones", `${wrong.length} of ${times} times not the reader's, read in Pacific/Auckland and America/St_Johns (goal: 0)`, wrong);
    assert.ok(times > 50, `only ${times}`);
    assert.deepEqual(wrong, []);
  } finally {
    await world.close();
  }
});
