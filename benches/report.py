#!/usr/bin/env python3
"""report.py RESULTS.jsonl: the lines of load.py and coldstart.py as Markdown, product beside floor, with ratios."""
import json
import sys


def number(value):
    if value is None:
        return "–"
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def ratio(product, floor, key):
    if not product or not floor or not floor.get(key) or product.get(key) is None:
        return "–"
    return f"{product[key] / floor[key]:.2f}"


def main():
    with open(sys.argv[1]) as read:
        lines = [json.loads(line) for line in read if line.startswith("{")]
    loads = {}
    for line in lines:
        if "c" in line:
            loads.setdefault((line["scenario"], line["c"]), {})[line["target"]] = line
    print("| scenario | c | req/s | floor | × | p50 / p99 ms | floor | CPU ms/req | floor | × |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    notes = []
    for (scenario, width), of in loads.items():
        product, floor = of.get("product"), of.get("floor")
        notes += [f"- {line['target']} {scenario} c={width}: {line['bad']}" for line in of.values() if "bad" in line]
        cells = [scenario, str(width)]
        for keys in (["rps"], ["p50_ms", "p99_ms"], ["cpu_ms"]):
            for line in (product, floor):
                cells.append(" / ".join(number(line.get(key)) for key in keys) if line else "–")
            if keys != ["p50_ms", "p99_ms"]:
                cells.append(ratio(product, floor, keys[0]))
        print("| " + " | ".join(cells) + " |")
    starts = [line for line in lines if line["scenario"] == "start"]
    if starts:
        print("\n| | start s | CPU s | memory idle MB (PSS / anonymous) | after the load |")
        print("| --- | --- | --- | --- | --- |")
        for line in starts:
            loaded = [of[line["target"]] for of in loads.values() if line["target"] in of and "pss_mb" in of[line["target"]]]
            most = max(loaded, key=lambda one: one["pss_mb"], default=None)
            after = f"{number(most['pss_mb'])} / {number(most['anon_mb'])}" if most else "–"
            print(f"| {line['target']} | {line['cold_start_s']:.3f} | {line['cpu_s']:.3f} | {number(line['pss_mb'])} / "
                  f"{number(line['anon_mb'])} | {after} |")
    pressures = [line["pressure"] for line in lines if "pressure" in line]
    if pressures:
        print(f"\nCPU pressure during the runs: {min(pressures):.0f} to {max(pressures):.0f} %.")
    if notes:
        print("\nRuns that do not count:\n" + "\n".join(notes))


if __name__ == "__main__":
    main()
