// What can be done for a few seconds more (data-countdown="9") says how many; after them its button is not pressed in
// vain. The server counted them: this machine's clock may be wrong, so only what passes since is taken from it.

const TICK_MS = 250;

export function startCountdowns() {
  const loaded = performance.now();
  for (const said of document.querySelectorAll("[data-countdown]")) {
    const tick = () => {
      const left = Math.ceil(Number(said.dataset.countdown) - (performance.now() - loaded) / 1000);
      const text = left > 0 ? said.dataset.left.replace("{n}", left) : said.dataset.over;
      if (said.textContent !== text) said.textContent = text;
      if (left > 0) return;
      clearInterval(timer);
      for (const button of said.closest("form")?.querySelectorAll("button") ?? []) button.disabled = true;
    };
    const timer = setInterval(tick, TICK_MS);
    tick();
  }
}
