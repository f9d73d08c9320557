import { cases } from "../growth.mjs";
import { here, measure } from "../process.mjs";

/** Twice the length is to take twice the time; what is quadratic takes four times. */
const MOST = 3;

/** Time against length, for texts, tables and programs at their worst. */
export function growthTable() {
  console.log("\ngrowth: the time of a length, and of twice as much");
  return Object.entries(cases).map(([name, [length]]) => {
    const { ms, cannot } = measure(process.execPath, [here("growth.mjs"), name]);
    if (cannot !== undefined) throw new Error(`${name}: ${cannot}`);
    const ratio = ms[1] / ms[0];
    const met = ratio <= MOST;
    console.log(
      `  ${`${(2 * length).toLocaleString("en")} ${name}`.padEnd(40)} ${ms[1].toFixed(0).padStart(6)} ms  x ${ratio.toFixed(2)} of half as many  (${met ? "met" : "MISSED"}: <= x ${MOST})`,
    );
    return { name, length: 2 * length, ms: ms[1], ratio, wanted: MOST, met };
  });
}
