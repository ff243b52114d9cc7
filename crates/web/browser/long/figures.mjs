// One line for each figure, and a folder for what a person should look at.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Prints `U6 reflow: 0 of 71 pages scroll sideways (goal: 0)`, and what it was made of where there is something. */
export function figure(goal, words, found = []) {
  console.log(`FIGURE ${goal} ${words}`);
  for (const one of found) console.log(`  - ${String(one).replaceAll("\n", "\n    ")}`);
  const folder = process.env.FIGURES;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${goal.split(" ")[0]}.txt`), [`${goal} ${words}`, ...found, ""].join("\n"), { flag: "a" });
}

/** A number that the environment may set, so that a run can be made short. */
export const many = (name, usual) => Number(process.env[name] ?? usual);

/** The value below which a share of the numbers lie. */
export function below(share, numbers) {
  const sorted = [...numbers].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)];
}

/** Chance that a seed repeats (mulberry32). */
export function chance(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
