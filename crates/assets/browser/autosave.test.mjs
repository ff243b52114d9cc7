// Autosave against a server that misbehaves: whatever happens, nothing typed is lost and nothing is called saved
// that was not.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { open } from "./world.mjs";

let world;
/** The server's side: what it holds, and how it treats the next saves (empty: as it should). */
let server;

before(async () => { world = await open(); });
after(() => world.close());
beforeEach(() => {
  server = { version: 17, held: {}, moods: [], seen: [] };
  world.answer = answer;
});
afterEach(() => world.closePages());

const page = (options) => world.page("handoff.light.en.html", options);
const whyNow = (on) => on.getByLabel("Why now");
const mark = (on) => on.locator("#record-form [data-save-text]");
const stale = (mine) => `<div class="conflict"><p>Why now was changed</p>
  <button type="submit" name="over" value="${server.version}" data-conflict="mine" data-version="${server.version}">Keep mine</button>
  <p>${mine.get("why_now")}</p></div>`;

function answer(request, response, body) {
  if (request.method !== "POST" || request.url !== "/save") {
    server.seen.push(`${request.method} ${request.url}`);
    response.writeHead(200, { "Content-Type": "text/html" }).end("<!doctype html><title>Elsewhere</title><h1>Elsewhere</h1>");
    return;
  }
  const answers = new URLSearchParams(body);
  const mood = server.moods.shift();
  server.seen.push(`save ${request.headers["if-match"] ?? `plain ${answers.get("version")}`}${mood ? ` ${mood}` : ""}`);
  if (mood === "drop") return void request.socket.destroy();
  if (mood === "error") return void response.writeHead(503, { "Content-Type": "text/html" }).end("<p>down</p>");
  if (mood === "sign-in") return void response.writeHead(303, { Location: "/sign-in" }).end();
  if (mood === "ended") return void response.writeHead(401, { "HX-Redirect": "/sign-in?next=%2F" }).end();
  if (mood === "refuse") return void response.writeHead(422, { "Content-Type": "text/html" }).end("<p>Too long.</p>");
  if (mood === "mute") return void response.writeHead(200, { "Content-Type": "text/html" }).end("<p>no version</p>");
  if (request.headers["if-match"] && request.headers["if-match"] !== `"${server.version}"`) {
    return void response.writeHead(412, { "Content-Type": "text/html" }).end(stale(answers));
  }
  const save = () => {
    Object.assign(server.held, Object.fromEntries(answers));
    server.version += 1;
    response.writeHead(200, { "Content-Type": "text/html", ETag: `"${server.version}"` }).end("");
  };
  if (mood === "slow") setTimeout(save, 400);
  else save();
}

const until = async (what, condition) => {
  for (let round = 0; round < 400; round += 1) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  assert.fail(`${what}; the server saw ${server.seen.join(", ")}`);
};

test("what is typed is saved after a pause, under the version it was read with, and then says so", async () => {
  const on = await page();
  await whyNow(on).fill("A new site.");
  await until("never saved", () => server.held.why_now === "A new site.");
  await until("never said so", async () => /^Saved \d\d:\d\d$/.test(await mark(on).textContent()));
  await whyNow(on).fill("A new site in March.");
  await until("second save", () => server.held.why_now === "A new site in March.");
  assert.deepEqual(server.seen, ['save "17"', 'save "18"']);
  assert.deepEqual(on.complaints, []);
});

test("an answer that names no version is not believed, nor is a sign-in page, nor does an ended session lead away", async () => {
  for (const mood of ["mute", "sign-in", "ended"]) {
    Object.assign(server, { moods: [mood], version: 17 });
    const on = await page();
    await whyNow(on).fill(`kept through ${mood}`);
    await until("no complaint", async () => (await mark(on).textContent()).startsWith("Not saved"));
    assert.equal(await whyNow(on).inputValue(), `kept through ${mood}`);
    assert.match(on.url(), /handoff/);
    if (mood !== "mute") await on.getByRole("button", { name: "Try again now" }).click();
    else await on.evaluate(() => dispatchEvent(new Event("online")));
    await until("not saved in the end", () => server.held.why_now === `kept through ${mood}`);
  }
});

test("two hundred keys through random outages arrive whole", async () => {
  let seed = 42;
  const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  const text = Array.from({ length: 200 }, (_, place) => "abcdefghij "[Math.floor(random() * 11)] + (place % 40 ? "" : "§")).join("");
  const moods = ["drop", "error", "slow", undefined, undefined, "error", "drop"];
  server.moods = Array.from({ length: 40 }, () => moods[Math.floor(random() * moods.length)]);
  const on = await page();
  await whyNow(on).fill("");
  for (let start = 0; start < text.length; start += 10) {
    await whyNow(on).pressSequentially(text.slice(start, start + 10));
    await on.evaluate(() => document.activeElement.dispatchEvent(new Event("change", { bubbles: true })));
  }
  await until("text lost", async () => {
    await on.evaluate(() => dispatchEvent(new Event("online")));
    return server.held.why_now === text;
  });
  assert.equal(await whyNow(on).inputValue(), text);
  await until("not called saved", async () => (await mark(on).textContent()).startsWith("Saved"));
});

test("somebody else's change is shown and mine goes over it only when I say so", async () => {
  const on = await page();
  server.version = 30;
  await whyNow(on).fill("Mine.");
  await on.getByRole("button", { name: "Keep mine" }).waitFor();
  await whyNow(on).fill("Mine, and more.");
  await new Promise((resolve) => setTimeout(resolve, 900));
  assert.equal(server.held.why_now, undefined, "nothing is sent while the choice is open");
  await on.getByRole("button", { name: "Keep mine" }).click();
  await until("not saved over", () => server.held.why_now === "Mine, and more.");
  assert.equal(await on.getByRole("button", { name: "Keep mine" }).count(), 0);
});

test("a refused value stays in the field and the reason is shown", async () => {
  server.moods = ["refuse"];
  const on = await page();
  await whyNow(on).fill("far too long");
  await on.getByText("Too long.").waitFor();
  assert.equal(await whyNow(on).inputValue(), "far too long");
  await whyNow(on).fill("short");
  await until("not saved", () => server.held.why_now === "short");
  await until("reason not taken away", async () => await on.getByText("Too long.").count() === 0);
});

test("a link or another form waits until the last keys are saved", async () => {
  const on = await page();
  server.moods = ["slow"];
  await whyNow(on).fill("typed just before leaving");
  await on.getByRole("link", { name: "People" }).click();
  await on.getByRole("heading", { name: "Elsewhere" }).waitFor();
  assert.deepEqual(server.seen.slice(0, 2), ['save "17" slow', "GET /people"]);
  await on.goto(`${world.url}/handoff.light.en.html`, { waitUntil: "networkidle" });
  server.version = 17;
  server.seen.length = 0;
  await whyNow(on).fill("typed just before signing out");
  await on.locator(".who summary").click();
  await on.getByRole("button", { name: "Sign out" }).click();
  await on.getByRole("heading", { name: "Elsewhere" }).waitFor();
  assert.deepEqual(server.seen.slice(0, 2), ['save "17"', "POST /sign-out"]);
});

test("a page with unsaved text asks before it is left", async () => {
  const on = await page();
  server.moods = Array(50).fill("error");
  await whyNow(on).fill("not saved yet");
  await until("no complaint", async () => (await mark(on).textContent()).startsWith("Not saved"));
  const asked = new Promise((resolve) => {
    on.once("dialog", async (dialog) => {
      await dialog.dismiss();
      resolve(dialog.type());
    });
  });
  await on.evaluate(() => location.reload());
  assert.equal(await asked, "beforeunload");
  assert.equal(await whyNow(on).inputValue(), "not saved yet");
});

test("two forms of one record save one after the other and do not hinder each other", async () => {
  const on = await page();
  await on.evaluate(() => {
    const twin = document.getElementById("record-form").cloneNode(true);
    twin.id = "twin-form";
    twin.removeAttribute("data-live");
    twin.querySelectorAll("[id]").forEach((element) => element.removeAttribute("id"));
    twin.querySelector("[name=why_now]").setAttribute("aria-label", "Twin");
    document.querySelector("main").append(twin);
    htmx.process(twin);
  });
  server.moods = ["slow"];
  await whyNow(on).fill("first");
  await on.getByLabel("Twin").fill("second");
  await until("second not saved", () => server.held.why_now === "second");
  assert.deepEqual(server.seen, ['save "17" slow', 'save "18"']);
});

test("text typed while the server sends the form anew is put back", async () => {
  const on = await page();
  server.moods = ["error"];
  const fresh = await on.locator("#record-form").evaluate((form) => form.outerHTML.replace('data-live=""', ""));
  await whyNow(on).fill("typed before the swap");
  await on.locator("#record-form").evaluate((form, html) => htmx.swap({ target: form, text: html, swap: "outerHTML", sourceElement: document.body }), fresh);
  assert.equal(await whyNow(on).inputValue(), "typed before the swap");
  await until("not saved", async () => {
    await on.evaluate(() => dispatchEvent(new Event("online")));
    return server.held.why_now === "typed before the swap";
  });
});

test("without scripts it is a plain form with a button", async () => {
  const on = await page({ javaScriptEnabled: false });
  await whyNow(on).fill("plain");
  await on.getByRole("button", { name: "Save" }).click();
  await until("not posted", () => server.held.why_now === "plain");
  assert.deepEqual(server.seen.filter((line) => line.startsWith("save")), ["save plain 17"]);
});
