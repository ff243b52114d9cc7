// U8: the brief and the plan on paper, A4 and Letter. Every text that the page shows when printed is in the PDF, and no
// row of a table, no quote and no milestone is cut by the end of a sheet. Needs pdftotext (poppler-utils).
import { test } from "node:test";
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { open } from "../world.mjs";
import { asCustomer } from "./crawl.mjs";
import { figure } from "./figures.mjs";

/** Run in the page, as it is printed: all its texts, and those that belong on one sheet. */
function printed() {
  const shown = (one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !one.closest(".only-read, svg, select, option, script, style");
  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!node.data.trim() || !shown(node.parentElement)) continue;
    // What is folded is not there on paper either.
    const range = document.createRange();
    range.selectNodeContents(node);
    if ([...range.getClientRects()].some((box) => box.width > 0 && box.height > 0)) texts.push([node.data, getComputedStyle(node.parentElement).textTransform]);
  }
  for (const field of document.querySelectorAll("textarea, input:not([type=hidden], [type=radio], [type=checkbox], [type=submit], [type=date], [type=datetime-local])")) {
    if (shown(field) && field.value.trim()) texts.push([field.value, "none"]);
  }
  const whole = [...document.querySelectorAll("main :is(tr, li, article, blockquote, .quote, .item)")]
    .filter((one) => shown(one) && one.offsetHeight > 0 && one.offsetHeight < 260);
  return { texts, rows: whole.map((one) => one.innerText.split(/[\n\t]+/).filter((part) => part.trim())) };
}

const tight = (text) => text.normalize("NFKC").replaceAll(/[\s\u00ad\u200b\u2060-]+/g, "").toLowerCase();

test("what is printed is whole: U8", { timeout: 900_000 }, async () => {
  const world = await open();
  const lost = [];
  const cut = [];
  const sheets = [];
  let values = 0;
  let rows = 0;
  try {
    const staff = await world.window("luca", { looked: false });
    await staff.goto("/deals?q=Pellworth");
    const one = (await staff.locator("main a[href^='/handoffs/']").first().getAttribute("href")).split(/[?#]/)[0].split("/").slice(0, 3).join("/");
    await staff.goto("/crm/D-1041");
    const other = (await staff.locator("a[href^='/handoffs/']").first().getAttribute("href")).split(/[?#]/)[0].split("/").slice(0, 3).join("/");
    const customer = await asCustomer(world);
    const plan = new URL(customer.url()).pathname;
    const prints = [
      ...[one, other].flatMap((at) => ["brief", "map", "call-sheet", "agenda", "plan", "promises"].map((view) => [staff, `${at}/${view}`])),
      [customer, plan],
    ];
    for (const [page, path] of prints) {
      const answer = await page.goto(path);
      if (answer.status() !== 200) continue;
      for (const format of ["A4", "Letter"]) {
        await page.emulateMedia({ media: "print", colorScheme: "light" });
        // As wide as the sheet: what depends on the width of the window depends on that of the sheet.
        await page.setViewportSize({ width: format === "A4" ? 794 : 816, height: 1000 });
        const { texts, rows: whole } = await page.evaluate(printed);
        const pdf = await page.pdf({ format, preferCSSPageSize: false, printBackground: false });
        const text = execFileSync("pdftotext", ["-raw", "-", "-"], { input: pdf, encoding: "utf8", maxBuffer: 64e6 });
        const pages = text.split("\f").map(tight).filter(Boolean);
        const all = pages.join("");
        sheets.push(`${path.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, "*")}, ${format}: ${pages.length} sheets`);
        for (const [value] of texts) {
          values += 1;
          if (!all.includes(tight(value))) lost.push(`${path}, ${format}: “${value.trim()}” is not in the PDF`);
        }
        for (const row of whole) {
          rows += 1;
          const parts = row.map(tight).filter(Boolean);
          const on = parts.map((part) => pages.flatMap((sheet, n) => (sheet.includes(part) ? [n] : [])));
          if (on.some((some) => some.length === 0)) {
            if (parts.every((part) => all.includes(part))) cut.push(`${path}, ${format}: cut within “${row.join(" | ").slice(0, 120)}”`);
          } else if (!on[0].some((sheet) => on.every((some) => some.includes(sheet)))) {
            cut.push(`${path}, ${format}: on two sheets: “${row.join(" | ").slice(0, 120)}”`);
          }
        }
        await page.emulateMedia({ media: "screen" });
      }
    }
    figure("U8 values", `${lost.length} of ${values} printed texts not in the PDF (goal: 0)`, [...lost, ...sheets]);
    figure("U8 rows", `${cut.length} of ${rows} rows, quotes and items cut by the end of a sheet (goal: 0)`, cut);
    assert.ok(values > 200 && rows > 20, `${values} values, ${rows} rows`);
    assert.deepEqual([lost.length, cut.length], [0, 0]);
  } finally {
    await world.close();
  }
});
