// Assembles what a browser loads and writes manifest.rs, which lib.rs includes.
// Plain Node 18, no bundler: every input is already in the form a browser reads.
//
//   node build.mjs SOURCE OUT      SOURCE: this folder; OUT: holds npm/node_modules, gets dist/ and manifest.rs
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const [source, out] = process.argv.slice(2);
const modules = join(out, "npm", "node_modules");
const dist = join(out, "dist");
const text = (...path) => readFileSync(join(...path), "utf8");

// Only the components the pages use: the all-in-one file is twenty times as heavy.
const DAISY = [
  "base/reset", "base/rootcolor", "components/button", "components/input", "components/textarea",
  "components/select", "components/checkbox", "components/radio", "components/modal", "components/kbd",
];
const OWN_CSS = ["tokens", "base", "layout", "components", "forms", "handoff", "brief", "tables", "board", "directory", "playbook-editor", "start", "crm", "portal", "palette", "print"];
const TYPES = {
  css: "text/css; charset=utf-8", js: "text/javascript; charset=utf-8", svg: "image/svg+xml",
  txt: "text/plain; charset=utf-8", woff2: "font/woff2",
};

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });
const manifest = [];

/** Stores one asset under a name that changes with its content; answers that name. */
function emit(name, content) {
  const bytes = Buffer.from(content);
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 16);
  const [stem, ending] = [name.slice(0, name.lastIndexOf(".")), name.slice(name.lastIndexOf(".") + 1)];
  const file = `${stem}.${hash}.${ending}`;
  writeFileSync(join(dist, file), bytes);
  const packed = ending !== "woff2"; // a woff2 file is brotli already
  if (packed) {
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
    writeFileSync(join(dist, `${file}.br`), brotliCompressSync(bytes, { params }));
    writeFileSync(join(dist, `${file}.gz`), gzipSync(bytes, { level: 9 }));
  }
  manifest.push({ name, file, hash, type: TYPES[ending], packed });
  return file;
}

/** daisyUI repeats every rule for five screen widths under names like `sm:btn`; no page uses those. */
function withoutWidthVariants(css) {
  const start = /@media \(width>=\d+px\)\{/g;
  let kept = "";
  let from = 0;
  for (let found = start.exec(css); found; found = start.exec(css)) {
    let depth = 1;
    let end = start.lastIndex;
    while (depth > 0 && end < css.length) depth += { "{": 1, "}": -1 }[css[end++]] ?? 0;
    if (!/^[^{]*\\:/.test(css.slice(start.lastIndex, end))) continue;
    kept += css.slice(from, found.index);
    from = start.lastIndex = end;
  }
  return kept + css.slice(from);
}

const withoutComments = (css) => css.replace(/\/\*[^]*?\*\//g, "");
const squeezed = (css) => withoutComments(css).replace(/\s*\n\s*/g, "\n").trim();

function stylesheet(font) {
  const unknown = readdirSync(join(source, "css")).filter((file) => !OWN_CSS.includes(file.replace(".css", "")));
  if (unknown.length) throw new Error(`css/${unknown[0]} is not in the order of OWN_CSS in build.mjs`);
  const daisy = DAISY.map((part) => withoutWidthVariants(withoutComments(text(modules, "daisyui", `${part}.css`))));
  const own = OWN_CSS.map((part) => squeezed(text(source, "css", `${part}.css`)));
  const notice = "/*! daisyUI (MIT) and Throughline; notices: third-party.txt */";
  return [notice, "@layer base,utilities;", ...daisy, ...own].join("\n").replace("inter.woff2", font);
}

/** One symbol for each name in icons.txt; an unknown name stops the build. */
function sprite() {
  const set = JSON.parse(text(modules, "@iconify-json", "lucide", "icons.json"));
  const names = text(source, "icons.txt").split("\n").map((line) => line.trim()).filter((line) => line && !line.startsWith("#"));
  const symbols = names.map((name) => {
    const icon = set.icons[name] ?? set.icons[set.aliases[name]?.parent];
    if (!icon) throw new Error(`icons.txt names \`${name}\`, which is not an icon of the set`);
    return `<symbol id="${name}" viewBox="0 0 24 24">${icon.body}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`;
}

/** Modules name each other by their plain names; the served ones by their hashed names. No circles, so depth first. */
function scripts() {
  const done = new Map();
  const place = (name, path = []) => {
    if (done.has(name)) return done.get(name);
    if (path.includes(name)) throw new Error(`the modules ${[...path, name].join(" → ")} import each other in a circle`);
    const code = text(source, "js", name).replace(
      /^(import\b[^"\n]*)"\.\/([\w-]+\.js)"/gm,
      (_, head, other) => `${head}"./${place(other, [...path, name])}"`,
    );
    done.set(name, emit(name, code));
    return done.get(name);
  };
  for (const name of readdirSync(join(source, "js")).filter((file) => file.endsWith(".js")).sort()) place(name);
}

function notices() {
  const { packages } = JSON.parse(text(source, "package-lock.json"));
  return Object.entries(packages).filter(([path]) => path).map(([path, { version, license }]) => {
    const folder = join(out, "npm", path);
    const files = readdirSync(folder).filter((name) => /^licen[sc]e/i.test(name)).sort();
    const terms = files.map((file) => text(folder, file).trim()).join("\n\n") || `Licence: ${license}`;
    return `${path.replace("node_modules/", "")} ${version} (${license})\n\n${terms}\n`;
  }).join("\n----------------------------------------\n\n");
}

const latin = join(modules, "@fontsource-variable", "inter", "files", "inter-latin-wght-normal.woff2");
const font = emit("inter.woff2", readFileSync(latin));
emit("app.css", stylesheet(font));
emit("htmx.js", text(modules, "htmx.org", "dist", "htmx.min.js").replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "\n"));
scripts();
emit("icons.svg", sprite());
for (const name of readdirSync(join(source, "img")).sort()) emit(name, readFileSync(join(source, "img", name)));
emit("third-party.txt", notices());

const include = (file) => `include_bytes!(concat!(env!("OUT_DIR"), "/dist/${file}"))`;
const rows = manifest.map(({ name, file, hash, type, packed }) => `    Entry {
        name: "${name}",
        url: "/assets/${file}",
        asset: Asset {
            bytes: ${include(file)},
            brotli: ${packed ? `Some(${include(`${file}.br`)})` : "None"},
            gzip: ${packed ? `Some(${include(`${file}.gz`)})` : "None"},
            content_type: "${type}",
            etag: "\\"${hash}\\"",
        },
    },`);
writeFileSync(join(out, "manifest.rs"), `[\n${rows.join("\n")}\n]\n`);

// What is set on paper needs whole fonts: they are compiled in as they are and never sent to a browser.
const face = (weight) => join(modules, "@expo-google-fonts", "inter", weight, `Inter_${weight}.ttf`);
for (const [name, weight] of [["paper.ttf", "400Regular"], ["paper-strong.ttf", "600SemiBold"]]) {
  writeFileSync(join(dist, name), readFileSync(face(weight)));
}
