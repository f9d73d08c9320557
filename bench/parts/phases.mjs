import { here, measure } from "../process.mjs";

const cases = [
  ["chain", 1000],
  ["chain", 3000],
  ["chain", 10_000],
  ["nested", 50],
  ["nested", 100],
];

/** Ten times the layers are to take no more than so many times as long. */
const MOST = 12;

/** Each phase's milliseconds of the processor, how they grow with the layers, and what the process took of memory. */
export function phasesTable({ quick }) {
  console.log(
    "\nphases of a generated spec, in ms of the processor (lower, plan: all programs; emit: a module)",
  );
  const wanted = quick ? cases.filter(([, layers]) => layers <= 1000) : cases;
  const rows = wanted.map(([kind, layers]) => {
    const { ms, megabytes, cannot } = measure(process.execPath, [here("phases.mjs"), kind, String(layers)]);
    if (cannot !== undefined) throw new Error(`${kind} of ${layers}: ${cannot}`);
    const times = Object.entries(ms).map(([phase, n]) => `${phase} ${n.toFixed(0).padStart(6)}`);
    console.log(
      `  ${`${kind} ${layers.toLocaleString("en")}`.padEnd(14)} ${times.join("  ")}  ${megabytes.toFixed(0)} MB`,
    );
    return { kind, layers, ms, megabytes };
  });
  return rows.map((row) => ({ ...row, growth: growthOf(row, rows) }));
}

/** How many times as long each phase takes as with the fewest layers of that kind. */
function growthOf({ kind, layers, ms }, rows) {
  const least = rows.find((row) => row.kind === kind);
  if (least.layers === layers) return {};
  const growth = Object.fromEntries(Object.entries(ms).map(([phase, n]) => [phase, n / least.ms[phase]]));
  const factor = layers / least.layers;
  const shown = Object.entries(growth).map(([phase, n]) => `${phase} x ${n.toFixed(1)}`);
  const most = (MOST / 10) * factor;
  const met = Object.values(growth).every((n) => n <= most);
  console.log(
    `  ${layers.toLocaleString("en")} of ${kind}, x ${factor.toFixed(1)}: ${shown.join("  ")}  (${met ? "met" : "MISSED"}: <= x ${most.toFixed(1)})`,
  );
  return growth;
}
