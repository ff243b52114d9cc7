// Keys. An element says its own: data-keys="g q" is pressed one after the other, and clicks it (a field: focuses it).
// Keys without a modifier can be switched off in the help dialog (WCAG 2.1.4); the choice stays in this browser.

const STORE = "throughline-shortcuts";
const PATIENCE_MS = 1200;

const typing = (element) => element?.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
/** Whether keys without a modifier are in use in this browser. */
export const keysAreOn = () => read() !== "off";

function read() {
  try {
    return localStorage.getItem(STORE);
  } catch {
    return null;
  }
}

function write(value) {
  try {
    localStorage.setItem(STORE, value);
  } catch {
    // A browser that keeps nothing keeps the shortcuts on.
  }
}

/** The element of the page in front that owns exactly these keys, and whether longer keys begin with them. */
function lookUp(pressed) {
  const scope = document.querySelector("dialog[open]") ?? document;
  const owners = [...scope.querySelectorAll("[data-keys]")];
  const exact = owners.filter((owner) => owner.dataset.keys === pressed);
  return {
    owner: exact.find((owner) => owner.checkVisibility?.() ?? true) ?? exact[0],
    more: owners.some((owner) => owner.dataset.keys.startsWith(`${pressed} `)),
  };
}

export function startShortcuts() {
  let pressed = "";
  let forget = 0;
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key.length !== 1 || event.key === " " || typing(event.target) || !keysAreOn()) return;
    clearTimeout(forget);
    const attempt = pressed ? `${pressed} ${event.key}` : event.key;
    let { owner, more } = lookUp(attempt);
    if (!owner && !more && pressed) {
      pressed = "";
      ({ owner, more } = lookUp(event.key));
    }
    if (owner) {
      event.preventDefault();
      pressed = "";
      if (typing(owner)) owner.focus();
      else owner.click();
    } else {
      pressed = more ? (pressed ? attempt : event.key) : "";
      forget = setTimeout(() => (pressed = ""), PATIENCE_MS);
    }
  });
  for (const box of document.querySelectorAll("[data-shortcuts-switch]")) {
    box.checked = keysAreOn();
    box.addEventListener("change", () => write(box.checked ? "on" : "off"));
  }
}
