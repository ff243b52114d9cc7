// The command palette: Ctrl-K (on a Mac ⌘K) or its button. What the page offers, where one may go, and what the server
// finds, in one list under one field (the combobox pattern: focus stays in the field, the chosen line is named by it).
// Lines of the page are made of its own buttons and links and press those: the palette can do nothing else.

const PAUSE_MS = 130;
const SAY_AFTER_MS = 350;
const ON_A_MAC = /mac|iphone|ipad/i.test(navigator.userAgentData?.platform ?? navigator.platform ?? "");
/** What a page offers: all that has keys, what is marked, its main buttons, its dialogs and its views. */
const OFFERED = "[data-keys], [data-command], .page-head .actions :is(a, button), main a[data-dialog], main .tabs a:not([aria-current])";
const FIELD = "input, textarea, select";

/** An element's words, without what is only drawn. */
function wordsOf(element) {
  const said = element.dataset.command || element.getAttribute("aria-label") || element.labels?.[0]?.textContent;
  if (said) return said.trim();
  const copy = element.cloneNode(true);
  for (const drawn of copy.querySelectorAll("[aria-hidden=true], .kbd-hint, .count")) drawn.remove();
  return copy.textContent.replace(/\s+/g, " ").trim() || (element.placeholder ?? "");
}

function isThere(element) {
  if (element.disabled || element.closest("dialog") || element.matches("[data-palette-open]")) return false;
  return (element.checkVisibility?.() ?? true) || Boolean(element.closest("details[data-menu]"));
}

/** What the page offers now, each once. */
function offers() {
  const seen = new Set();
  const found = { here: [], go: [], you: [] };
  for (const element of document.querySelectorAll(OFFERED)) {
    const place = element.matches(".nav-link");
    if (!place && !isThere(element)) continue;
    const name = wordsOf(element);
    const once = `${place}\n${name}\n${place ? element.href : ""}`;
    if (!name || seen.has(once)) continue;
    seen.add(once);
    const group = place ? found.go : element.closest(".side, .topbar") ? found.you : found.here;
    group.push({ name, element, keys: element.dataset.keys ?? "" });
  }
  return found;
}

const words = (text) => text.toLowerCase().split(/[^\p{L}\p{N}\p{M}]+/u).filter(Boolean);

/** Every word asked for begins a word of the name, as on the server. */
function fits(name, asked) {
  const there = words(name);
  return asked.every((word) => there.some((one) => one.startsWith(word)));
}

export function startPalette() {
  const dialog = document.getElementById("palette");
  if (!(dialog instanceof HTMLDialogElement)) return;
  const input = dialog.querySelector("[role=combobox]");
  const list = dialog.querySelector("[role=listbox]");
  const say = dialog.querySelector("[role=status]");
  const shape = dialog.querySelector("template[data-line]").content.firstElementChild;
  const state = { offers: { here: [], go: [], you: [] }, found: null, failed: false, asking: null, moved: false };
  const runs = new WeakMap();
  let typed = 0;
  let told = 0;

  const lines = () => [...list.querySelectorAll("[role=option]")];
  const chosen = () => list.querySelector("[aria-selected=true]");

  function choose(line) {
    for (const other of lines()) other.setAttribute("aria-selected", String(other === line));
    if (line) input.setAttribute("aria-activedescendant", line.id);
    else input.removeAttribute("aria-activedescendant");
    line?.scrollIntoView({ block: "nearest" });
  }

  function line({ name, keys, element }) {
    const made = shape.cloneNode(true);
    made.querySelector(".palette-name").textContent = name;
    const icon = element?.querySelector(".icon");
    if (icon) made.querySelector(".icon").replaceWith(icon.cloneNode(true));
    const end = made.querySelector(".palette-end");
    for (const key of keys ? keys.split(" ") : []) {
      end.append(Object.assign(document.createElement("kbd"), { className: "kbd", textContent: key }));
    }
    return made;
  }

  function group(title, items) {
    const made = document.createElement("div");
    made.setAttribute("role", "group");
    made.setAttribute("aria-label", title);
    const head = Object.assign(document.createElement("p"), { className: "palette-title", textContent: title });
    head.setAttribute("aria-hidden", "true");
    made.append(head, ...items.map((item) => {
      const one = line(item);
      runs.set(one, item.element);
      return one;
    }));
    return made;
  }

  /** Draws the list anew. What an arrow key chose stays chosen where lines only came to it; else the first is. */
  function draw(more = false) {
    const sameAs = (one) => [one.getAttribute("href"), one.textContent].join("\n");
    const before = more && state.moved && chosen() ? sameAs(chosen()) : null;
    const text = input.value.trim();
    const asked = words(text);
    const parts = [];
    for (const part of ["here", "go", "you"]) {
      const title = dialog.dataset[part];
      const items = state.offers[part];
      const fitting = items.filter(({ name }) => fits(name, asked));
      if (fitting.length) parts.push(group(title, fitting));
    }
    if (text && state.found) parts.push(state.found.cloneNode(true));
    if (text) {
      const name = dialog.dataset.more.replace("{q}", text);
      const everything = line({ name, keys: "", element: dialog });
      runs.set(everything, "everything");
      parts.push(everything);
    }
    list.replaceChildren(...parts);
    const all = lines();
    all.forEach((one, place) => (one.id = `palette-line-${place}`));
    list.hidden = all.length === 0;
    input.setAttribute("aria-expanded", String(all.length > 0));
    choose(all.find((one) => sameAs(one) === before) ?? all[0]);
    clearTimeout(told);
    told = setTimeout(() => {
      const found = all.length - (text ? 1 : 0);
      const count = found === 0 ? dialog.dataset.none : dialog.dataset.count.replace("{n}", found);
      say.textContent = state.failed ? dialog.dataset.failed : text && count;
    }, SAY_AFTER_MS);
  }

  async function ask(text) {
    state.asking?.abort();
    state.asking = new AbortController();
    const { signal } = state.asking;
    try {
      const answer = await fetch(`/search/lines?q=${encodeURIComponent(text)}`, { headers: { "HX-Request": "true" }, signal });
      if (!answer.ok) throw new Error(String(answer.status));
      const holder = document.createElement("template");
      holder.innerHTML = await answer.text();
      if (signal.aborted) return;
      Object.assign(state, { found: holder.content, failed: false });
    } catch {
      if (signal.aborted) return;
      Object.assign(state, { found: null, failed: true });
    }
    draw(true);
  }

  function open() {
    if (dialog.open || document.querySelector("dialog[open]")) return;
    Object.assign(state, { offers: offers(), found: null, failed: false, moved: false });
    input.value = "";
    say.textContent = "";
    dialog.showModal();
    draw();
    list.scrollTop = 0;
    input.focus();
  }

  function run(one) {
    const what = runs.get(one);
    if (what === "everything") {
      dialog.querySelector("form").requestSubmit();
    } else if (what) {
      dialog.close();
      if (what.matches(FIELD)) what.focus();
      else what.click();
    } else {
      one.click(); // a link of the server's
    }
  }

  function step(by) {
    const all = lines();
    state.moved = true;
    if (all.length) choose(all[(all.indexOf(chosen()) + by + all.length) % all.length]);
  }

  input.addEventListener("input", () => {
    state.asking?.abort();
    clearTimeout(typed);
    state.moved = false;
    const text = input.value.trim();
    if (!text) state.found = null;
    draw();
    if (text) typed = setTimeout(() => ask(text), PAUSE_MS);
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      step(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && chosen() && !event.altKey) {
      event.preventDefault();
      run(chosen());
    }
  });
  // The field keeps the focus whatever is pressed in the list.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const one = event.target.closest?.("[role=option]");
    if (!one || !runs.has(one)) return;
    event.preventDefault();
    run(one);
  });
  dialog.addEventListener("close", () => {
    state.asking?.abort();
    clearTimeout(typed);
    clearTimeout(told);
    list.replaceChildren();
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  });
  document.addEventListener("keydown", (event) => {
    const held = ON_A_MAC ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey;
    if (!held || event.altKey || event.shiftKey || event.key.toLowerCase() !== "k") return;
    event.preventDefault();
    if (dialog.open) dialog.close();
    else open();
  });
  for (const opener of document.querySelectorAll("[data-palette-open]")) {
    opener.setAttribute("role", "button");
    opener.setAttribute("aria-haspopup", "dialog");
    if (ON_A_MAC) opener.querySelector("[data-palette-key]").textContent = "⌘";
    opener.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      open();
    });
    // A button is pressed with the space bar too.
    opener.addEventListener("keydown", (event) => {
      if (event.key !== " ") return;
      event.preventDefault();
      open();
    });
  }
}
