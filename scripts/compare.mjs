// What comparisons of methods have in common: runs side by side, means and deviations.
import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { format } from "prettier";

/** Runs a Node script; gives its lines that are JSON. */
export function run(script, args, options = {}) {
  return new Promise((done, failed) => {
    execFile(process.execPath, [script, ...args], { maxBuffer: 1 << 26, ...options }, (error, stdout) => {
      if (error) failed(error);
      else
        done(
          stdout
            .trim()
            .split("\n")
            .map((line) => JSON.parse(line)),
        );
    });
  });
}

/** Runs jobs, as many at a time as there are cores. */
export async function inParallel(jobs) {
  const waiting = [...jobs];
  const worker = async () => {
    for (let job = waiting.shift(); job; job = waiting.shift()) await job();
  };
  await Promise.all(cpus().map(worker));
}

export function statistics(numbers) {
  const mean = numbers.reduce((a, x) => a + x, 0) / numbers.length;
  const squares = numbers.reduce((sum, x) => sum + (x - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / (numbers.length - 1)) };
}

export function show(numbers, digits) {
  const { mean, deviation } = statistics(numbers);
  return `${mean.toFixed(digits)} ± ${deviation.toFixed(digits)}`;
}

export function markdownTable(head, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** Puts a text between the marks of a page: `<!-- results -->` and `<!-- end of results -->`. */
export async function writeResults(page, results) {
  const text = readFileSync(page, "utf8");
  const [head, tail] = [text.split("<!-- results -->")[0], text.split("<!-- end of results -->")[1]];
  const whole = `${head}<!-- results -->\n\n${results}\n<!-- end of results -->${tail}`;
  writeFileSync(page, await format(whole, { parser: "markdown", printWidth: 110, proseWrap: "preserve" }));
}

export async function writeJson(file, value) {
  writeFileSync(file, await format(JSON.stringify(value), { parser: "json" }));
}
