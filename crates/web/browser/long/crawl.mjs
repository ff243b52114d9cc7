// Every page there is, found as people find them: by the links from where each of them begins.
import assert from "node:assert/strict";
import { mail } from "../world.mjs";

/** Who looks, and where each begins. */
export const ROLES = ["elena", "amara", "mei", "ruth", "dana", "piotr", "sofia", "tom", "grace"];
/** Pages that show each person something else; the others are looked at by the first who is led there. */
const OWN = new Set(["/queue", "/handoffs/*", "/handoffs/*/review", "/deal-desk", "/week", "/deals", "/settings"]);
/** Not pages: files, and what a browser would download. */
const FILES = /\.(json|yaml|csv|md|txt|pdf|ics|zip)(\?|$)|\/(api|assets)\//;
/** No role is led to more pages than this, however many addresses a mistake may make. */
const MOST = 250;

/** An address with what it is about left out: pages of one kind have one shape, however they are filtered. */
export function shape(path) {
  const [way, query] = path.split("?");
  const list = /(?:^|&)list=(\w+)/.exec(query ?? "")?.[1];
  const kind = way
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "*")
    .replace(/^\/crm\/.+/, "/crm/*")
    .replace(/^\/problems\/.+/, "/problems/*")
    .replace(/^\/playbooks\/[^/]+/, "/playbooks/*")
    .replace(/^\/settings\/templates\/[^/]+/, "/settings/templates/*")
    .replace(/\/(questions|promises|items|steps|gates|asks)\/[^/]+/, "/$1/*");
  return list ? `${kind} ${list}` : kind;
}

/** Walks one person's pages, each kind once, and calls `look(path, kind)` on each; answers the kinds seen. */
export async function walk(page, { start = "/queue", seen = new Set(), own = OWN, most = MOST } = {}, look) {
  const mine = new Set();
  const waiting = [start];
  while (waiting.length > 0 && mine.size < most) {
    const path = waiting.shift();
    const kind = shape(path);
    if (mine.has(kind) || (seen.has(kind) && !own.has(kind))) continue;
    const answer = await page.goto(path);
    if (!(answer.headers()["content-type"] ?? "").startsWith("text/html")) continue;
    mine.add(kind);
    seen.add(kind);
    assert.equal(answer.status(), 200, path);
    // Read before anything is pressed: what a check does to a page is not the way on from it.
    const links = await page.locator("a[href^='/']").evaluateAll((all) => all.map((one) => one.getAttribute("href")));
    // The mailbox holds everybody's mail: what it leads to need not be this reader's.
    const led = path.startsWith("/mailbox") ? links.filter((link) => link.startsWith("/mailbox")) : links;
    waiting.push(...led.map((link) => link.split("#")[0]).filter((link) => !FILES.test(link)));
    await look(path, kind);
  }
  return mine;
}

/** Pages nobody signs in for, and those that say what went wrong. */
export const STRANGERS = ["/sign-in", "/setup", "/welcome", "/portal", "/portal/enter", "/problems/out-of-turn", "/nothing-here"];

/** Everything: each role's pages, what strangers see, and the customer's portal; `look(page, path, kind, who)`. */
export async function everywhere(world, { roles = ROLES, options = {}, prepare } = {}, look) {
  const seen = new Set();
  const short = process.env.CRAWL_MOST ? Number(process.env.CRAWL_MOST) : MOST;
  for (const who of roles) {
    const page = await world.window(who, { looked: false, ...options });
    await prepare?.(page);
    await walk(page, { seen, most: short }, (path, kind) => look(page, path, kind, who));
    await page.context().close();
  }
  const stranger = await world.window(null, options);
  await prepare?.(stranger);
  for (const path of STRANGERS) {
    await stranger.goto(path);
    seen.add(path);
    await look(stranger, path, path, "a stranger");
  }
  await stranger.context().close();
  const customer = await asCustomer(world, options);
  await prepare?.(customer);
  await walk(customer, { start: "/portal/plan", seen, own: new Set() }, (path, kind) => look(customer, path, kind, "a customer"));
  await customer.context().close();
  return seen;
}

const CUSTOMER = { account: "Pellworth Insurance", name: "Ines Calloway" };
let customers = 0;

/** Lets a customer in, asks for a link by mail and follows it, as they would; answers their window. */
export async function asCustomer(world, options = {}, { account = CUSTOMER.account, name = CUSTOMER.name } = {}) {
  const email = `${name.split(" ")[0].toLowerCase()}-${(customers += 1)}@customer.example`;
  const staff = await world.window("luca", { looked: false });
  await staff.goto(`/deals?q=${encodeURIComponent(account)}`);
  await staff.getByRole("link", { name: new RegExp(account) }).first().click();
  await staff.waitForURL(/\/handoffs\//);
  const handoff = new URL(staff.url()).pathname;
  await staff.goto(`${handoff}/plan/customers`);
  const letIn = staff.getByRole("region", { name: "Let somebody in", exact: true });
  await letIn.getByLabel("Name").fill(name);
  await letIn.getByLabel("Mail address").fill(email);
  await letIn.getByLabel("May sign the plan for the customer").check();
  await letIn.getByRole("button", { name: "Let in and mail the way" }).click();
  await staff.getByRole("status").filter({ hasText: `${name} is let in` }).waitFor();
  const page = await world.window(null, options);
  await page.goto(await way(staff, email, "your plan is ready for you"));
  await page.locator("main input[name=email], input[type=email]").first().fill(email);
  await page.locator("main form button[type=submit]").first().click();
  await page.waitForURL(/\/portal\/sent/);
  await page.goto(await way(staff, email, "your link"));
  await page.locator("main form button[type=submit]").first().click();
  await page.waitForURL(/\/portal\/plan|\/portal$/);
  page.staff = { handoff, email };
  await staff.context().close();
  return page;
}

/** Where the newest mail to somebody with these words in its subject leads. */
export async function way(staff, to, subject) {
  return (await mail(staff, to, subject)).getByRole("link", { name: "Open in Throughline" }).getAttribute("href");
}
