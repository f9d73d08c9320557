// Times checking a spec of so many lines again after an edit, in a process that has done so before, as an editor does:
// `node bench/recheck.mjs LINES [EDITS]`. Prints milliseconds, by the clock and of the processor.
import { analyze } from "../dist/src/compile.js";

const [lines = "1000", edits = "60"] = process.argv.slice(2);
const count = Number(lines) - 8;
const body = Array.from({ length: count }, (_, i) => {
  const from = i === 0 ? "x" : `h${i - 1}`;
  return i % 10 === 9
    ? `  // the next ten layers`
    : `  h${i} = ${i % 10 === 0 && i > 0 ? `h${i - 2}` : from} |> dense(8, relu)`;
});
const last = count % 10 === 0 ? count - 2 : count - 1;
const text = (units) => {
  const edited = body.with(
    Math.floor(count / 2),
    body[Math.floor(count / 2)].replace("dense(8", `dense(${units}`),
  );
  return `/// A deep tower.
model Deep {
  input x: float[8]
${edited.join("\n")}
  task y { output = h${last} |> dense(1) label: float loss: mse }
}

train { optimizer: adam(lr: 0.001) }
`;
};
const context = { path: "deep.nnspec", read: () => undefined };
const times = [];
for (let i = 0; i < Number(edits); i++) {
  const given = text(8 + (i % 7));
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  const { diagnostics } = analyze(given, context);
  const { user, system } = process.cpuUsage(cpu);
  times.push({ wall: performance.now() - start, cpu: (user + system) / 1000 });
  if (diagnostics.length > 0) throw new Error(diagnostics[0].message);
}
const of = (kind, share) => {
  const sorted = times
    .slice(Math.min(10, times.length / 2))
    .map((t) => t[kind])
    .sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
};
const figures = {
  lines: text(8).split("\n").length - 1,
  median: of("wall", 0.5),
  p95: of("wall", 0.95),
  cpu: of("cpu", 0.5),
};
console.log(JSON.stringify(figures));
