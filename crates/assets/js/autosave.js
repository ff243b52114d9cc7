// Autosave for <form id data-autosave="GROUP" hx-post hx-trigger="autosave" hx-swap="none">.
//
// A form is sent by htmx a moment after the last key, with the version it was seen at as If-Match. It counts as saved
// only when the answer is a success that names the new version (ETag): a sign-in page after a redirect does not.
// Until then its text stays here, is sent again, and the page asks before it is left. Forms of one group (one
// aggregate on the server) are sent one after the other, so that they never hinder each other, and share the version;
// where the server compares field by field (data-version-alone) each keeps its own. What this window knew or sent
// before goes along (before.0.text), so that its own words are no news to it when an answer was lost on the way.
// Without this module, or without htmx, the form is a plain form with a button.
import { text, timeOfDay } from "./texts.js";

const PAUSE_MS = 700;
const RETRY_MS = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000];
const NOT_READY_MS = 100;
const GIVEN_UP_MS = 45_000;
const LEAVE_MS = 3_000;
const KEEPALIVE_BYTES = 60_000;
/** How many answers that were sent without an answer are remembered; the server looks at one more. */
const MOST_UNANSWERED = 6;

/** What is known of each form, by its id: a form that the server swaps for a new one keeps its entry. */
const drafts = new Map();
/** Group → { busy, waiting }. */
const groups = new Map();
const letThrough = new WeakSet();

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const isDirty = (draft) => draft.typed !== draft.saved;
const dirtyDrafts = () => [...drafts.values()].filter(isDirty);

/** The form's answers as one string; the version and what was known before are none of them. */
function answersOf(form) {
  const isAnswer = ([name, value]) => name !== "version" && !name.startsWith("before.") && typeof value === "string";
  return new URLSearchParams([...new FormData(form)].filter(isAnswer)).toString();
}

function fill(form, answers) {
  const values = new Map();
  for (const [name, value] of new URLSearchParams(answers)) values.set(name, [...(values.get(name) ?? []), value]);
  for (const control of form.elements) {
    if (!control.name || control.name === "version" || control.type === "hidden") continue;
    const wanted = values.get(control.name) ?? [];
    if (control.type === "checkbox" || control.type === "radio") control.checked = wanted.includes(control.value);
    else if (control.type === "select-multiple") {
      for (const option of control.options) option.selected = wanted.includes(option.value);
    } else if (control.matches("input, select, textarea")) control.value = wanted.shift() ?? "";
  }
}

const versionOf = (draft) => draft.form.querySelector("input[data-version-of]")?.value;

function setVersion({ form, group }, version) {
  const within = "versionAlone" in form.dataset ? form : document;
  for (const input of within.querySelectorAll(`input[data-version-of="${CSS.escape(group)}"]`)) input.value = version;
}

/** Puts what this window knew or sent before into the form, to go along with it. */
function sayBefore({ form, saved, unanswered }) {
  for (const old of form.querySelectorAll("input[name^='before.']")) old.remove();
  if (!("versionAlone" in form.dataset)) return;
  [saved, ...unanswered].forEach((answers, number) => {
    for (const [name, value] of [["known", "1"], ...new URLSearchParams(answers)]) {
      form.append(Object.assign(document.createElement("input"), { type: "hidden", name: `before.${number}.${name}`, value }));
    }
  });
}

function show(draft, state, values) {
  draft.state = state;
  const mark = draft.form.querySelector("[data-save-mark]");
  if (!mark) return;
  mark.dataset.state = { "signed-out": "failed", refused: "failed" }[state] ?? state;
  mark.querySelector("[data-save-text]").textContent = state === "idle" ? "" : text(`save-${state}`, values);
}

function adopt(form) {
  const known = drafts.get(form.id);
  if (known?.form === form || !form.id) return;
  const saved = answersOf(form);
  form.dataset.live = "";
  if (known && isDirty(known)) {
    fill(form, known.typed);
    Object.assign(known, { form, saved });
    plan(known, 0);
  } else if (known) {
    Object.assign(known, { form, saved, typed: saved, conflict: false, unanswered: [] });
  } else {
    const group = form.dataset.autosave;
    drafts.set(form.id, { form, group, saved, typed: saved, unanswered: [], tries: 0, state: "idle" });
  }
}

function plan(draft, delay) {
  clearTimeout(draft.timer);
  draft.timer = setTimeout(() => save(draft), delay);
}

function save(draft) {
  clearTimeout(draft.timer);
  if (!isDirty(draft) || draft.conflict || !draft.form.isConnected) return;
  const group = groups.get(draft.group) ?? { busy: null, waiting: new Set() };
  groups.set(draft.group, group);
  if (group.busy) {
    group.waiting.add(draft);
    return;
  }
  group.busy = draft;
  draft.sent = draft.typed;
  draft.outcome = null;
  draft.started = false;
  sayBefore(draft);
  draft.form.dispatchEvent(new CustomEvent("autosave"));
  if (draft.started) {
    show(draft, "saving");
    draft.watch = setTimeout(() => finish(draft), GIVEN_UP_MS);
  } else {
    group.busy = null; // htmx has not yet taken up a form that was just swapped in
    plan(draft, NOT_READY_MS);
  }
}

/** Reads the answer to a save; what it means is acted on in `finish`, after htmx has swapped what came with it. */
function judge(draft, { status, headers, raw }) {
  const version = headers.get("ETag")?.replace(/^W\/|"/g, "");
  if (status >= 200 && status < 300 && !raw.redirected && version) {
    draft.saved = draft.sent;
    draft.unanswered = [];
    setVersion(draft, version);
    return "saved";
  }
  if (status === 409 || status === 412) return "conflict";
  if (status === 401 || status === 403 || raw.redirected) return "signed-out";
  if (status >= 400 && status < 500 && status !== 408 && status !== 429) return "refused";
  draft.retryAfterMs = Number(headers.get("Retry-After")) * 1000 || 0;
  return "failed";
}

function finish(draft) {
  clearTimeout(draft.watch);
  const outcome = draft.outcome ?? "failed";
  const group = groups.get(draft.group);
  if (group?.busy !== draft) return;
  group.busy = null;
  draft.conflict = outcome === "conflict";
  if (outcome === "failed") {
    draft.unanswered = [...new Set([draft.sent, ...draft.unanswered])].slice(0, MOST_UNANSWERED);
  }
  draft.tries = outcome === "failed" ? draft.tries + 1 : 0;
  // What was typed while the answer was on its way is not saved with it, so the mark does not say so.
  show(draft, outcome === "saved" && isDirty(draft) ? "saving" : outcome, { time: timeOfDay() });
  if (outcome === "saved") {
    for (const slot of draft.form.querySelectorAll("[data-save-problems]")) slot.replaceChildren();
    if (isDirty(draft)) plan(draft, PAUSE_MS);
  } else if (outcome === "failed") {
    const backoff = RETRY_MS[Math.min(draft.tries, RETRY_MS.length) - 1] * (0.75 + Math.random() / 2);
    plan(draft, Math.max(backoff, draft.retryAfterMs ?? 0));
  }
  const [next] = group.waiting;
  group.waiting.delete(next);
  if (next) save(next);
}

/** Sends what is unsaved and waits for the answers, but not for ever; true when nothing is left. */
async function flush() {
  const start = performance.now();
  dirtyDrafts().forEach(save);
  const hopeful = () => dirtyDrafts().some(({ state }) => state === "saving" || state === "idle" || state === "saved");
  while (hopeful() && performance.now() - start < LEAVE_MS) await pause(30);
  return dirtyDrafts().length === 0;
}

/** The page anew, with their answers; what else is unsaved on it is sent first. */
async function takeTheirs(draft, address) {
  draft.typed = draft.saved;
  await flush();
  history.replaceState(history.state, "", address);
  location.reload();
}

function followHtmx() {
  const ours = (event) => {
    const { ctx } = event.detail;
    return ctx?.sourceEvent?.type === "autosave" ? drafts.get(ctx.sourceElement.id) : undefined;
  };
  document.addEventListener("htmx:config:request", (event) => {
    const draft = ours(event);
    if (!draft) return;
    draft.started = true;
    const { request } = event.detail.ctx;
    request.headers["If-Match"] = `"${versionOf(draft) ?? ""}"`;
    request.keepalive = document.visibilityState === "hidden" && draft.sent.length < KEEPALIVE_BYTES;
  });
  document.addEventListener("htmx:after:request", (event) => {
    const draft = ours(event);
    if (!draft) return;
    draft.outcome = judge(draft, event.detail.ctx.response);
    // Where the session has ended the answer leads to the sign-in page. What was typed stays here: the mark says it.
    delete event.detail.ctx.hx?.redirect;
  });
  document.addEventListener("htmx:finally:request", (event) => {
    const draft = ours(event);
    if (draft) finish(draft);
  });
}

function followTyping() {
  const touched = ({ target, type }) => {
    const draft = drafts.get(target.form?.id);
    if (draft?.form !== target.form) return;
    draft.typed = answersOf(draft.form);
    if (!isDirty(draft)) return;
    if (["saved", "refused", "signed-out"].includes(draft.state)) show(draft, "idle");
    plan(draft, type === "change" ? 0 : PAUSE_MS);
  };
  document.addEventListener("input", touched);
  document.addEventListener("change", touched);
  document.addEventListener("click", (event) => {
    const again = event.target.closest?.("[data-save-again]");
    const side = event.target.closest?.("[data-conflict]");
    const draft = drafts.get((again ?? side)?.closest("form")?.id);
    if (!draft) return;
    event.preventDefault();
    if (side?.dataset.conflict === "theirs") {
      takeTheirs(draft, side.href);
      return;
    }
    if (side) {
      draft.conflict = false;
      setVersion(draft, side.dataset.version);
      side.closest("[data-save-problems]")?.replaceChildren();
    }
    save(draft);
  });
}

function followLeaving() {
  addEventListener("submit", async (event) => {
    const { target: form, submitter } = event;
    if (letThrough.delete(form)) return;
    const plainSave = drafts.get(form.id)?.form === form && !submitter?.name && !submitter?.hasAttribute("formaction");
    if (!plainSave && dirtyDrafts().length === 0) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const allSaved = await flush();
    // What was not saved stays on this page, with its mark saying why; going on would leave it behind.
    if (plainSave || !allSaved) return;
    letThrough.add(form);
    form.requestSubmit(submitter);
  }, { capture: true });
  addEventListener("click", async (event) => {
    const link = event.target.closest?.("a[href]");
    const elsewhere = link && !link.target && link.origin === location.origin
      && !(link.pathname === location.pathname && link.search === location.search && link.hash);
    const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    if (!elsewhere || !plain || event.defaultPrevented || dirtyDrafts().length === 0) return;
    event.preventDefault();
    await flush();
    location.assign(link.href); // asks first where something is still unsaved
  });
  addEventListener("beforeunload", (event) => {
    if (dirtyDrafts().length === 0) return;
    dirtyDrafts().forEach(save);
    event.preventDefault();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") dirtyDrafts().forEach(save);
  });
  addEventListener("online", () => dirtyDrafts().forEach(save));
}

export function startAutosave() {
  if (!globalThis.htmx) return;
  const adoptAll = () => document.querySelectorAll("form[data-autosave]").forEach(adopt);
  followHtmx();
  followTyping();
  followLeaving();
  new MutationObserver(adoptAll).observe(document.body, { childList: true, subtree: true });
  adoptAll();
}
