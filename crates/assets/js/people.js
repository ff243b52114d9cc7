// Fields that name a person (data-people, beside a datalist), in a company too large for a list: what is typed is
// completed from what the server finds. Without this they are plain fields; whoever is meant is found out on the server.

const PAUSE_MS = 150;

export function startPeople() {
  let timer = 0;
  let asking = null;

  async function complete(field) {
    const asked = field.value.trim();
    const offered = [...field.list.options].map(({ value }) => value);
    if (!asked || offered.includes(asked)) return;
    asking?.abort();
    asking = new AbortController();
    const address = new URL(field.dataset.people, location.href);
    address.searchParams.set("q", asked);
    try {
      const answer = await fetch(address, { signal: asking.signal, headers: { "HX-Request": "true" } });
      if (!answer.ok || answer.redirected) return;
      const holder = document.createElement("template");
      holder.innerHTML = await answer.text();
      field.list.replaceChildren(...holder.content.querySelectorAll("option"));
    } catch {
      // Asked anew meanwhile, or nobody answers: what is typed is taken as it is.
    }
  }

  document.addEventListener("input", ({ target }) => {
    if (!target.matches?.("input[data-people][list]")) return;
    clearTimeout(timer);
    timer = setTimeout(() => complete(target), PAUSE_MS);
  });
}
