// From card to card on the board with the arrow keys. Tab goes through everything, as ever.

const COLUMN = ".board-column";
const CARD = "[data-card]";

/** The card beside one: in its column, or at the same height in the next column that has any. */
function neighbour(card, key) {
  const columns = [...document.querySelectorAll(`[data-board] ${COLUMN}`)];
  const cards = (column) => [...column.querySelectorAll(CARD)];
  const column = columns.indexOf(card.closest(COLUMN));
  const own = cards(columns[column]);
  const place = own.indexOf(card);
  if (key === "ArrowUp" || key === "ArrowDown") return own[place + (key === "ArrowDown" ? 1 : -1)];
  const backwards = (key === "ArrowLeft") !== (getComputedStyle(card).direction === "rtl");
  const step = backwards ? -1 : 1;
  for (let next = column + step; next >= 0 && next < columns.length; next += step) {
    const there = cards(columns[next]);
    if (there.length) return there[Math.min(place, there.length - 1)];
  }
  return undefined;
}

export function startBoard() {
  document.addEventListener("keydown", (event) => {
    if (!event.key.startsWith("Arrow") || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const card = event.target instanceof Element ? event.target.closest(CARD) : null;
    const next = card && neighbour(card, event.key);
    if (!next) return;
    event.preventDefault();
    next.focus();
    next.closest("li").scrollIntoView({ block: "nearest", inline: "nearest" });
  });
}
