// Where there is little room, what is finished begins folded; whatever an address points into opens.
export function startFolds() {
  if (matchMedia("(width < 48rem)").matches) {
    for (const fold of document.querySelectorAll("details[data-small-shut]")) {
      if (!fold.querySelector(":target")) fold.open = false;
    }
  }
  addEventListener("hashchange", () => {
    let fold = document.querySelector(":target")?.closest("details");
    for (; fold; fold = fold.parentElement.closest("details")) fold.open = true;
  });
}
