// Live updates: where the page names a stream (<template id="live">), it hears that something newer is there and offers
// it, once, beside the navigation or below the page. Nothing on the page is replaced: somebody may be typing. A page nobody looks at hears
// nothing (browsers open few connections to one server); it asks when it is looked at again.

const SETTLE_MS = 1_500;
const AGAIN_MS = 60_000;

export function startLive() {
  const shape = document.getElementById("live");
  const beside = document.querySelector(".side .news");
  const below = document.querySelector(".shell + .news");
  if (!shape || !beside || !below || !globalThis.EventSource) return;
  let source = null;
  let over = false;
  let offered = null;
  let waiting = 0;

  /** The version this page has got to: its own saves move it on. */
  function versionHere() {
    const versions = [...document.querySelectorAll("input[data-version-of]")].map(({ value }) => Number(value) || 0);
    return Math.max(Number(shape.dataset.version) || 0, ...versions);
  }

  const isSaving = () => Boolean(document.querySelector("[data-save-mark][data-state=saving]"));

  function close() {
    source?.close();
    source = null;
  }

  // The navigation is folded away on a narrow screen; css/palette.css shows one place or the other.
  const narrow = matchMedia("(width < 60rem)");
  const place = () => (narrow.matches ? below : beside).append(offered);
  narrow.addEventListener("change", () => offered?.isConnected && place());

  function offer(message) {
    if (!offered?.isConnected) {
      offered = shape.content.firstElementChild.cloneNode(true);
      offered.querySelector("a").href = location.pathname + location.search;
      offered.querySelector("[data-close]").addEventListener("click", () => offered.remove());
      place();
    }
    const text = offered.querySelector("[data-message]");
    if (text.textContent !== message) text.textContent = message;
  }

  /** What was heard may be this page's own save, whose answer is still under way. */
  function heard({ version, by, own }) {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      if (isSaving()) heard({ version, by, own });
      else if (version === undefined) {
        offer(shape.dataset.plain);
        over = true; // one notice is enough for a list
        close();
      } else if (version > versionHere()) {
        if (own) offer(shape.dataset.own);
        else offer(by ? shape.dataset.by.replace("{name}", () => by) : shape.dataset.plain);
      }
    }, SETTLE_MS);
  }

  function open() {
    if (source || over || document.hidden) return;
    const version = shape.dataset.version === undefined ? "" : `&version=${versionHere()}`;
    source = new EventSource(shape.dataset.address + version);
    source.addEventListener("changed", ({ data }) => heard(JSON.parse(data)));
    source.addEventListener("end", () => {
      over = true;
      close();
    });
    source.addEventListener("error", () => {
      // The browser tries again by itself, unless it was refused.
      if (source?.readyState !== EventSource.CLOSED) return;
      close();
      setTimeout(open, AGAIN_MS * (0.5 + Math.random()));
    });
  }

  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  addEventListener("pagehide", close);
  addEventListener("pageshow", ({ persisted }) => persisted && open());
  open();
}
