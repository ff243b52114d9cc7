// U13: twelve reference shots, in the folder that SHOTS names. They are looked at by people, and not compared.
import { test } from "node:test";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { open } from "../world.mjs";
import { asCustomer } from "./crawl.mjs";
import { figure } from "./figures.mjs";

const WIDE = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };

test("twelve shots to look at: U13", { timeout: 300_000 }, async () => {
  const folder = process.env.SHOTS ?? "shots";
  mkdirSync(folder, { recursive: true });
  const world = await open();
  try {
    const people = new Map();
    const window = async (who) => {
      if (!people.has(who)) people.set(who, who === "customer" ? await asCustomer(world) : await world.window(who, { looked: false }));
      return people.get(who);
    };
    const finder = await window("luca");
    await finder.goto("/deals?q=Pellworth");
    const won = (await finder.locator("main a[href^='/handoffs/']").first().getAttribute("href")).split(/[?#]/)[0].split("/").slice(0, 3).join("/");
    const ae = await window("amara");
    await ae.goto("/crm/D-1041");
    const open_ = (await ae.locator("a[href^='/handoffs/']").first().getAttribute("href")).split(/[?#]/)[0].split("/").slice(0, 3).join("/");
    const customer = await window("customer");
    const portal = new URL(customer.url()).pathname;
    const shots = [
      ["queue-ae", "amara", "/queue", WIDE, "light"],
      ["record", "amara", open_, WIDE, "light"],
      ["record-phone", "amara", open_, PHONE, "dark"],
      ["gates", "amara", `${open_}/gates`, WIDE, "dark"],
      ["brief", "luca", `${won}/brief`, WIDE, "light"],
      ["map", "luca", `${won}/map`, WIDE, "dark"],
      ["plan", "luca", `${won}/plan`, WIDE, "light"],
      ["review", "ruth", `${open_}/review`, WIDE, "light"],
      ["deal-desk", "dana", "/deal-desk", WIDE, "dark"],
      ["playbook", "elena", "/playbooks/default", WIDE, "light"],
      ["portal", "customer", portal, WIDE, "light"],
      ["portal-phone", "customer", portal, PHONE, "dark"],
    ];
    for (const [name, who, path, size, colorScheme] of shots) {
      const page = await window(who);
      await page.setViewportSize(size);
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.goto(path);
      await page.waitForTimeout(300);
      await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
    }
    figure("U13 looks", `${shots.length} shots written to ${folder}; somebody has to look at them`);
  } finally {
    await world.close();
  }
});
