// What both test files need: the gallery's pages behind the product's own security policy, and a Chromium.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { chromium } from "playwright-core";

const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
  + "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
const TYPES = {
  ".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml",
  ".woff2": "font/woff2", ".txt": "text/plain",
};

/** The folder of the gallery: GALLERY, or freshly written by the example, which the test command has built. */
function gallery() {
  if (process.env.GALLERY) return process.env.GALLERY;
  const folder = mkdtempSync(join(tmpdir(), "throughline-gallery-"));
  const built = process.env.THROUGHLINE_EXAMPLES;
  const [command, ...words] = built
    ? [join(built, "gallery")]
    : ["cargo", "run", "--quiet", "--package", "throughline-web", "--example", "gallery", "--"];
  execFileSync(command, [...words, folder], { cwd: import.meta.dirname, stdio: ["ignore", "ignore", "inherit"] });
  return folder;
}

/** Serves the gallery; `world.answer(request, response, body)` may take any request that is not a file. */
export async function open() {
  const root = gallery();
  const world = { answer: null };
  const server = createServer((request, response) => {
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      const { pathname } = new URL(request.url, "http://localhost");
      response.setHeader("Content-Security-Policy", POLICY);
      const path = join(root, pathname);
      const file = request.method === "GET" && extname(pathname) && existsSync(path) && readFileSync(path);
      if (file) response.writeHead(200, { "Content-Type": TYPES[extname(pathname)] }).end(file);
      else if (world.answer) world.answer(request, response, Buffer.concat(chunks).toString());
      else response.writeHead(404).end();
    });
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"],
  });
  world.url = `http://127.0.0.1:${server.address().port}`;
  /** A page with what went wrong on it in `page.complaints`. */
  world.page = async (path, options = {}) => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    const page = await context.newPage();
    page.complaints = [];
    page.on("console", (message) => message.type() === "error" && page.complaints.push(message.text()));
    page.on("pageerror", (error) => page.complaints.push(error.message));
    await page.goto(`${world.url}/${path}`, { waitUntil: "networkidle" });
    return page;
  };
  world.closePages = () => Promise.all(browser.contexts().map((context) => context.close()));
  world.close = async () => {
    await browser.close();
    server.closeAllConnections();
    server.close();
  };
  return world;
}
