// What a page is asked while it is open, run inside of it: does it fit, can it be hit, is anything asked twice.

/** Targets smaller than 24 × 24 px that are too near to others, and are no words in a sentence (WCAG 2.5.8). */
export function smallTargets() {
  const SIZE = 24;
  const all = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], [role=tab], [role=option], [tabindex='0']")]
    .filter((one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !one.disabled && !one.closest("[inert]"));
  // A label is a part of what it names: whoever hits it, hits that.
  const box = (one) => {
    const own = [...one.getClientRects()];
    const around = one.matches("input[type=checkbox], input[type=radio]") ? [...(one.labels ?? [])].flatMap((label) => [...label.getClientRects()]) : [];
    const rects = [...own, ...around].filter((rect) => rect.width > 0 && rect.height > 0);
    if (rects.length === 0) return null;
    const left = Math.min(...rects.map((rect) => rect.left));
    const top = Math.min(...rects.map((rect) => rect.top));
    return { left, top, right: Math.max(...rects.map((rect) => rect.right)), bottom: Math.max(...rects.map((rect) => rect.bottom)) };
  };
  const boxes = all.map((one) => ({ one, at: box(one) })).filter(({ at, one }) => at && at.right > 1 && at.bottom > 1 && !one.matches(".skip-link"));
  const small = ({ at }) => at.right - at.left < SIZE - 0.5 || at.bottom - at.top < SIZE - 0.5;
  const inSentence = ({ one }) => {
    if (getComputedStyle(one).display !== "inline") return false;
    const line = one.closest("p, li, dd, td, h1, h2, h3, span, figcaption") ?? one.parentElement;
    return line.textContent.trim().length > one.textContent.trim().length + 1;
  };
  const middle = ({ at }) => [(at.left + at.right) / 2, (at.top + at.bottom) / 2];
  // A circle of 24 px around its middle touches no other target, nor the circle of another small one.
  const alone = (mine) => {
    const [x, y] = middle(mine);
    return boxes.every((other) => {
      if (other === mine || mine.one.contains(other.one) || other.one.contains(mine.one)) return true;
      if (small(other)) {
        const [ox, oy] = middle(other);
        return Math.hypot(x - ox, y - oy) >= SIZE - 0.5;
      }
      const dx = Math.max(other.at.left - x, 0, x - other.at.right);
      const dy = Math.max(other.at.top - y, 0, y - other.at.bottom);
      return Math.hypot(dx, dy) >= SIZE / 2 - 0.5;
    });
  };
  return boxes.filter((one) => small(one) && !inSentence(one) && !alone(one))
    .map(({ one, at }) => `${Math.round(at.right - at.left)} × ${Math.round(at.bottom - at.top)} px: ${one.outerHTML.slice(0, 160)}`);
}

/** Fields of one form that ask the same thing (3.3.7), what can be dragged but not moved by a button (2.5.7). */
export function askedTwice() {
  const name = (field) => field.getAttribute("aria-label") ?? [...(field.labels ?? [])].map((label) => label.innerText.trim()).join(" ");
  const found = [];
  for (const form of document.forms) {
    const known = new Set();
    for (const field of form.elements) {
      if (!field.matches("input:not([type=hidden], [type=radio], [type=checkbox], [type=submit]), textarea, select")) continue;
      if (!field.checkVisibility()) continue;
      const words = `${field.closest("fieldset")?.querySelector("legend")?.innerText ?? ""} ${name(field)}`.trim();
      if (known.has(words)) found.push(`asked twice: ${words}`);
      known.add(words);
    }
  }
  for (const one of document.querySelectorAll("[draggable=true], [data-drag]")) {
    if (!one.querySelector("button, a[href]")) found.push(`only to be dragged: ${one.outerHTML.slice(0, 160)}`);
  }
  return found;
}

/** Words that are cut off: their box is too small for them, and they do not say so by an ellipsis and a title. */
export function cutOff() {
  const found = [];
  for (const one of document.querySelectorAll("body *")) {
    if (!one.checkVisibility() || !one.firstChild || one.matches(".only-read, .only-read *, .skip-link, svg, svg *, textarea, select, option, input")) continue;
    const own = [...one.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    if (!own) continue;
    const style = getComputedStyle(one);
    // Read out, and not shown.
    if (one.clientWidth <= 2 || one.clientHeight <= 2) continue;
    const wide = one.scrollWidth - one.clientWidth;
    const high = one.scrollHeight - one.clientHeight;
    const shuts = (flow) => flow === "hidden" || flow === "clip";
    const says = style.textOverflow === "ellipsis" || style.webkitLineClamp !== "none";
    if (style.display !== "inline" && ((wide > 1 && shuts(style.overflowX)) || (high > 4 && shuts(style.overflowY))) && !says) {
      found.push(`cut off by ${wide} × ${high} px: ${one.outerHTML.slice(0, 160)}`);
    }
    // A button or a pill whose words stick out of it.
    if (one.matches("button, .btn, .pill, .badge, summary") && (wide > 1 || high > 4) && style.overflowX === "visible" && style.display !== "inline") {
      found.push(`sticks out by ${wide} × ${high} px: ${one.outerHTML.slice(0, 160)}`);
    }
  }
  return found;
}
