// Words shown by scripts come from the page (<template id="texts" data-…>), so that they are translated there.

/** The text called `name`, with `{placeholders}` filled from `values`; the name itself where the page has no such text. */
export function text(name, values = {}) {
  const found = document.getElementById("texts")?.getAttribute(`data-${name}`) ?? name;
  return found.replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
}

/** The time of day as the reader's page writes it, in the reader's zone. */
export function timeOfDay(date = new Date()) {
  const { lang, dataset } = document.documentElement;
  const options = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: dataset.zone };
  try {
    return new Intl.DateTimeFormat(lang, options).format(date);
  } catch {
    return new Intl.DateTimeFormat(undefined, { ...options, timeZone: undefined }).format(date);
  }
}
