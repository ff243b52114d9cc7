// Dialogs and menus. Without a script a dialog opens by its address (`#id`, styled by :target) and a menu is a
// <details>; with one, a dialog is modal, keeps the keyboard inside, and a menu closes when it is left.

function open(dialog) {
  if (dialog.open) return;
  dialog.showModal();
  dialog.querySelector("[autofocus], textarea, select, input:not([type=hidden], [type=checkbox], [type=radio])")?.focus();
}

export function startDialogs() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-dialog]");
    const dialog = link && document.getElementById(link.hash.slice(1));
    if (dialog instanceof HTMLDialogElement) {
      event.preventDefault();
      closeMenus();
      open(dialog);
      return;
    }
    const closer = event.target.closest?.("[data-close-dialog]");
    const around = closer?.closest("dialog") ?? (event.target instanceof HTMLDialogElement ? event.target : null);
    if (around?.open) {
      event.preventDefault();
      around.close();
    } else {
      closeMenus(event.target);
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.querySelector("details[data-menu][open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary")?.focus();
  });
  // A link to a dialog that was followed before the script ran, or from another page.
  const named = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
  if (named instanceof HTMLDialogElement) {
    history.replaceState(history.state, "", location.pathname + location.search);
    open(named);
  }
}

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!except || !menu.contains(except)) menu.open = false;
  }
}
