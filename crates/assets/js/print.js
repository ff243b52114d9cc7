// A button that opens the browser's print dialogue. It shows only where a script can press it: without one the browser's
// own menu prints.
export function startPrint() {
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }
}
