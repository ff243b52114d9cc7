// Light, dark or as the system: the form posts and the server keeps the choice in a cookie. Here the page turns at once.

const THEMES = { light: "throughline", dark: "throughline-dark" };

export function startTheme() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const chosen = event.submitter?.value;
    if (!form.matches("[data-theme-form]") || !chosen) return;
    event.preventDefault();
    const root = document.documentElement;
    if (THEMES[chosen]) root.dataset.theme = THEMES[chosen];
    else delete root.dataset.theme;
    for (const button of document.querySelectorAll("[data-theme-form] button[name='theme']")) {
      button.setAttribute("aria-pressed", String(button.value === chosen));
    }
    const body = new URLSearchParams(new FormData(form, event.submitter));
    // Where the answer does not come, the choice lasts for this page only: no reason to disturb anybody.
    fetch(form.action, { method: "POST", body, redirect: "manual", keepalive: true }).catch(() => {});
  });
}
