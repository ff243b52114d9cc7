// Through the record by keys: a question after the other, its answer, where it was said. The keys are the page's, on
// buttons nobody sees ([data-step]); Escape leaves a field for its question, so that keys are keys again.

const FIELD = "input:not([type=hidden]), select, textarea";

const asks = () => [...document.querySelectorAll("[data-question]")].filter((ask) => ask.checkVisibility?.() ?? true);
const here = () => document.activeElement?.closest?.("[data-question]");

function stand(ask) {
  if (!ask) return;
  ask.closest("details:not([open])")?.setAttribute("open", "");
  ask.tabIndex = -1;
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

function missing() {
  const links = [...document.querySelectorAll("#record-summary .gaps a[href*='#ask-']")];
  const wanted = links.map((link) => document.getElementById(new URL(link.href).hash.slice(1))).filter(Boolean);
  return wanted[(wanted.indexOf(here()) + 1) % wanted.length];
}

function evidence(ask) {
  const fold = ask.querySelector("details[data-evidence]");
  if (!fold) return ask.querySelector("a[data-lacks]")?.click();
  fold.open = true;
  fold.querySelector(FIELD)?.focus();
}

const STEPS = {
  n: () => stand(missing()),
  j: () => stand(next(1)),
  k: () => stand(next(-1)),
  e: () => here()?.querySelector(FIELD)?.focus(),
  v: () => here() && evidence(here()),
};

export function startRecordKeys() {
  if (!document.querySelector("[data-question]")) return;
  document.addEventListener("click", (event) => STEPS[event.target.closest?.("[data-step]")?.dataset.step]?.());
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.isComposing && event.target.matches?.(FIELD)) stand(here());
  });
  let sent = null;
  document.addEventListener("submit", (event) => (sent = event.target));
  // A line that was begun and not added is not left unasked.
  addEventListener("beforeunload", (event) => {
    const begun = [...document.querySelectorAll("form.quick")].filter((form) => form !== sent);
    if (begun.some((form) => [...form.querySelectorAll("input[type=text]")].some((field) => field.value.trim()))) {
      event.preventDefault();
    }
  });
}
