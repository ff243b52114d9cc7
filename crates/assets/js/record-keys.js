// Through the record by keys: a question after the other, its answer, where it was said. The keys are the page's, on
// buttons nobody sees ([data-step]); Escape leaves a field for its question, so that keys are keys again. Ctrl-Enter
// in any field sends what it belongs to and goes on to what is missing next.
import { keysAreOn } from "./shortcuts.js";

const FIELD = "input:not([type=hidden]), select, textarea";

const asks = () => [...document.querySelectorAll("[data-question]")].filter((ask) => ask.checkVisibility?.() ?? true);
const here = () => document.activeElement?.closest?.("[data-question]");

function stand(ask) {
  if (!ask) return;
  for (let fold = ask.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  ask.tabIndex = -1;
  ask.toggleAttribute("data-keyed", keysAreOn());
  ask.focus();
  ask.scrollIntoView({ block: "center" });
}

/** The question that is next in that direction: from where one stands, else from what is in sight. */
function next(step) {
  const all = asks();
  const from = here();
  if (from) return all[all.indexOf(from) + step];
  return all.find((ask) => ask.getBoundingClientRect().bottom > 0);
}

/** What is missing after the question one stands on, and round again. */
function missing() {
  const links = [...document.querySelectorAll("#record-summary .gaps a[href*='#ask-']")];
  const wanted = links.map((link) => document.getElementById(new URL(link.href).hash.slice(1))).filter(Boolean);
  const from = here();
  const follows = (ask) => from.compareDocumentPosition(ask) & Node.DOCUMENT_POSITION_FOLLOWING;
  return (from && wanted.find(follows)) ?? wanted.find((ask) => ask !== from) ?? wanted[0];
}

function evidence(ask) {
  const fold = ask.querySelector("details[data-evidence]");
  if (!fold) return ask.querySelector("a[data-lacks]")?.click();
  fold.open = true;
  fold.querySelector(FIELD)?.focus();
}

/** Sends a form; the server leads on to what is missing next. */
function send(form) {
  const onward = form.querySelector("button[name=then]")
    ?? form.appendChild(Object.assign(document.createElement("button"), { name: "then", value: "next", hidden: true }));
  form.requestSubmit(onward);
}

/** The answer with this number, or the person named already. */
function choose(ask, number) {
  const picked = ask.querySelectorAll(".ticks input, [data-pick]")[number - 1];
  if (picked?.matches("[data-pick]")) send(picked.form);
  else picked?.click();
}

/** What was typed is saved; next is what it still wants, else what is missing after it. */
function onward(field) {
  const ask = field.closest("[data-question]");
  const { form } = field;
  if (!form.matches("[data-autosave]")) return send(form);
  const fold = ask?.querySelector("details[data-evidence][data-wanted]");
  const unsaid = fold && ![...fold.querySelectorAll(FIELD)].some(({ value }) => value.trim());
  if (unsaid && field.value.trim() && !fold.contains(field)) return evidence(ask);
  if (!form.matches("[data-live]")) form.requestSubmit();
  else stand(missing() ?? ask); // a field that is left is saved
}

const STEPS = {
  n: () => stand(missing()),
  j: () => stand(next(1)),
  k: () => stand(next(-1)),
  e: () => here()?.querySelector(FIELD)?.focus(),
  v: () => here() && evidence(here()),
  0: () => [...(here()?.querySelectorAll("form[data-none]") ?? [])].slice(0, 1).forEach(send),
};

function step(name) {
  if (name in STEPS) STEPS[name]();
  else if (here() && name) choose(here(), Number(name));
}

export function startRecordKeys() {
  document.addEventListener("keydown", (event) => {
    const { target } = event;
    if (event.isComposing || !target.form || !target.matches?.(FIELD)) return;
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    if (!target.closest("[data-question]") && !target.form.querySelector("button[name=then]")) return;
    event.preventDefault();
    onward(target);
  });
  if (!document.querySelector("[data-question]")) return;
  const named = document.getElementById(location.hash.slice(1));
  if (named?.matches("[data-question]")) stand(named);
  document.addEventListener("click", (event) => step(event.target.closest?.("[data-step]")?.dataset.step));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.isComposing && event.target.matches?.(FIELD)) stand(here());
  });
  let sent = null;
  document.addEventListener("submit", (event) => (sent = event.target));
  // A line that was begun and not added is not left unasked.
  addEventListener("beforeunload", (event) => {
    const begun = [...document.querySelectorAll("form.quick")].filter((form) => form !== sent);
    if (begun.some((form) => [...form.querySelectorAll("input[type=text], textarea")].some((field) => field.value.trim()))) {
      event.preventDefault();
    }
  });
}
