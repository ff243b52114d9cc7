// Short messages at the corner of the page: for requests that failed without an answer of their own.
import { text } from "./texts.js";

/** Shows `message` until it is closed, or for `seconds`. Read out by screen readers: the region is live. */
export function notify(message, seconds = 8) {
  const shape = document.getElementById("toast");
  const region = document.getElementById("toasts");
  if (!shape || !region) return;
  const toast = shape.content.firstElementChild.cloneNode(true);
  toast.querySelector("[data-message]").textContent = message;
  toast.querySelector("[data-close]").addEventListener("click", () => toast.remove());
  region.append(toast);
  setTimeout(() => toast.remove(), seconds * 1000);
}

export function startNotices() {
  // An autosaving form says itself what happened to it.
  const speaksForItself = (element) => element?.closest?.("[data-autosave]");
  document.addEventListener("htmx:error", ({ target, detail }) => {
    if (detail.ctx && !speaksForItself(target)) notify(text("offline"));
  });
  document.addEventListener("htmx:response:error", ({ target, detail }) => {
    if (detail.ctx.response.status >= 500 && !speaksForItself(target)) notify(text("failed"));
  });
  document.addEventListener("click", ({ target }) => {
    const close = target.closest?.("[data-close-notice]");
    close?.closest(".notice")?.remove();
  });
}
