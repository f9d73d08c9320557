import { wordsOf } from "./words.js";
import { planProgram } from "../../backends/wasm/plan.js";
import {
  isLoop,
  type Buffer,
  type Call,
  type Extent,
  type Loop,
  type Place,
  type Plan,
  type Word,
} from "../../runtime/wasm/plan.js";
import { primitives, type Primitive } from "../../tensor/primitives/index.js";
import type { Program } from "../../tensor/program.js";
import { call, list, render, type Doc } from "./layout.js";
import { lineComment, numberLiteral, stringLiteral } from "./literals.js";
import { Namer, nameValues } from "./names.js";
import type { Origins } from "./origins.js";

/** Names that a module uses itself, so that no buffer gets them. */
const TAKEN = [
  "k",
  "at",
  "B",
  "words",
  "outside",
  "code",
  "run",
  "state",
  "argument",
  "result",
  "temporary",
  "constant",
  "float",
  "room",
  "scratch",
];

/** The kernels that report an index out of range; they have the names of their primitives. */
const CHECKING: ReadonlySet<string> = new Set(
  Object.entries<Primitive>(primitives).flatMap(([name, { checksIndices }]) => (checksIndices ? [name] : [])),
);

/** A program as the text of a WasmProgram: the calls that the in-process engine makes, in the same order. */
export function printWasmProgram(program: Program, origins: Origins): string {
  const values = new Map<Program, readonly string[]>();
  const plan = planProgram(program, (of, id) => {
    let names = values.get(of);
    if (!names) values.set(of, (names = nameValues(of, origins).names));
    return names[id] ?? "";
  });
  return new Printer(plan, origins).print();
}

class Printer {
  private readonly names: readonly string[];
  private readonly used = new Set<number>();
  /** Further names of buffers, by buffer and label: values that took over another's place. */
  private readonly aliases = new Map<string, { readonly name: string; readonly buffer: number }>();
  private readonly namer = new Namer(TAKEN);

  constructor(
    private readonly plan: Plan,
    private readonly origins: Origins,
  ) {
    this.names = plan.buffers.map((b) => this.namer.fresh(b.name === "" ? b.role : b.name));
  }

  print(): string {
    const run = this.calls(this.plan.calls, "        ");
    const code = this.code("        ");
    const buffers = this.buffers();
    const outside = run.some((line) => line.includes("outside |="));
    const names = this.plan.buffers.flatMap((_, i) => (this.used.has(i) ? [this.names[i]!] : []));
    const taken = { open: "{", items: names, close: "}", fill: true, spaced: true };
    const sized = parameters({ B: uses(buffers, "B"), k: uses(buffers, "k") });
    const lines = [...run, ...code];
    const text = [
      "{",
      `  buffers: (${sized}) => ({`,
      ...buffers,
      "  }),",
      `  bind: (${parameters({ k: true, at: true, B: uses(lines, "B"), words: uses(lines, "words") })}) => {`,
      `    const ${render(taken, "    ", 10, 6)} = at;`,
      ...this.aliasLines(),
      "    return {",
      ...(code.length === 0 ? ["      code: [],"] : ["      code: [", ...code, "      ],"]),
      "      run: () => {",
      ...(outside ? ["        let outside = 0;"] : []),
      ...run,
      `        return ${outside ? "outside" : "0"};`,
      "      },",
      "    };",
      "  },",
      "}",
    ];
    return text.join("\n");
  }

  private aliasLines(): string[] {
    const lines = [...this.aliases.values()].map((a) => `    const ${a.name} = ${this.names[a.buffer]};`);
    return lines.length === 0 ? [] : ["    // In the place of what nobody needs any more.", ...lines];
  }

  /** The declarations of buffers: those that the caller sees first, then those that only this program uses. */
  private buffers(): string[] {
    const heads: readonly (readonly [string, (b: Buffer) => boolean])[] = [
      ["// Kept between calls.", (b) => b.role === "state"],
      ["// Given and returned.", (b) => b.role === "argument" || b.role === "result"],
      [
        "// Values in between, with the first and last call that needs them.",
        (b) => b.role === "temporary" && !isScratch(b),
      ],
      [
        "// Constants, room for the code of chains, and scratch of single calls.",
        (b) => b.role === "constant" || b.role === "code" || isScratch(b),
      ],
    ];
    return heads.flatMap(([head, wanted]) => {
      const lines = this.plan.buffers.flatMap((b, i) =>
        wanted(b) && this.isShown(b, i) ? [this.buffer(b, i)] : [],
      );
      return lines.length === 0 ? [] : [`    ${head}`, ...lines];
    });
  }

  private isShown({ role }: Buffer, i: number): boolean {
    return role === "state" || role === "argument" || role === "result" || this.used.has(i);
  }

  private buffer(b: Buffer, i: number): string {
    const shape = list(b.shape.map(extentText));
    const [name, dtype] = [stringLiteral(b.name), stringLiteral(b.dtype)];
    const made: Record<Buffer["role"], () => Doc> = {
      state: () => call("state", [name, dtype, shape]),
      argument: () => call("argument", [name, dtype, shape, String(b.last)]),
      result: () => call("result", [name, dtype, shape, String(b.first), String(b.last)]),
      temporary: () =>
        isScratch(b)
          ? call("scratch", [scratchText(b), String(b.first)])
          : call("temporary", [shape, String(b.first), String(b.last)]),
      constant: () => call("constant", [dtype, shape, list((b.data ?? []).map(numberLiteral))]),
      code: () => call("room", [String((b.words ?? []).length)]),
    };
    const head = `${this.names[i]}: `;
    return `    ${head}${render(made[b.role](), "    ", 4 + head.length, 1)},`;
  }

  /** The words of each chain. */
  private code(indent: string): string[] {
    return this.plan.buffers.flatMap((b, i) => {
      if (!b.words) return [];
      this.used.add(i);
      const items = b.words.map((w) => this.word(w, false));
      const row: Doc = { open: "[", items: [this.names[i]!, list(items)], close: "]" };
      return [`${indent}${render(row, indent, indent.length, 1)},`];
    });
  }

  private calls(calls: readonly Call[], indent: string): string[] {
    let last: string | undefined;
    return calls.flatMap((c) => {
      const lines: string[] = [];
      if (c.origin !== undefined && c.origin !== last) {
        lines.push(`${indent}${lineComment(this.origins.get(c.origin)?.text ?? c.origin)}`);
      }
      last = c.origin ?? last;
      if (isLoop(c)) return [...lines, ...this.loop(c, indent)];
      for (const word of c.args)
        if ("place" in word) for (const each of this.movingWords(word.place.buffer, indent)) lines.push(each);
      const text = render(
        {
          ...call(
            `k.${c.kernel}`,
            c.args.map((w) => this.word(w, true)),
          ),
          fill: true,
        },
        indent,
        indent.length,
        1,
      );
      if (c.kernel === "chain") lines.push(`${indent}${lineComment(c.note)}`);
      const checked = CHECKING.has(c.kernel) ? "outside |= " : "";
      return [...lines, `${indent}${checked}${text};`];
    });
  }

  private loop({ loop, length, reverse, body }: Loop, indent: string): string[] {
    const t = `t${loop}`;
    const end = extentText(length);
    const head = reverse
      ? `for (let ${t} = ${end} - 1; ${t} >= 0; ${t}--) {`
      : `for (let ${t} = 0; ${t} < ${end}; ${t}++) {`;
    return [`${indent}${head}`, ...this.calls(body, `${indent}  `), `${indent}}`];
  }

  /** Words of a chain's code that move on with a loop. */
  private movingWords(buffer: number, indent: string): string[] {
    return (this.plan.buffers[buffer]!.words ?? []).flatMap((word, i) => {
      if (!("place" in word) || word.place.steps.length === 0) return [];
      return [`${indent}words[${this.names[buffer]} / 4 + ${i}] = ${this.place(word.place, true)};`];
    });
  }

  private word(word: Word, moving: boolean): string {
    if ("extent" in word) return extentText(word.extent);
    if ("float" in word) return `float(${floatText(word.float)})`;
    if ("floatOf" in word) return `float(${extentText(word.floatOf)})`;
    return this.place(word.place, moving);
  }

  private nameOf(buffer: number, label: string | undefined): string {
    if (label === undefined) return this.names[buffer]!;
    const key = `${buffer} ${label}`;
    let alias = this.aliases.get(key);
    if (!alias) this.aliases.set(key, (alias = { name: this.namer.fresh(label), buffer }));
    return alias.name;
  }

  private place({ buffer, offset, steps, label }: Place, moving: boolean): string {
    this.used.add(buffer);
    const terms = [this.nameOf(buffer, label)];
    if (typeof offset !== "number" || offset !== 0) terms.push(extentText(fourfold(offset)));
    if (moving)
      for (const { loop, stride } of steps)
        terms.push(`t${loop} * ${bracketed(extentText(fourfold(stride)))}`);
    return terms.join(" + ");
  }
}

/** Whether a name is used outside of comments. */
function uses(lines: readonly string[], name: string): boolean {
  return lines.some((line) => !/^\s*\/\//.test(line) && wordsOf(line).has(name));
}

/** A parameter list as far as its last name in use; `_` stands before those that are not. */
function parameters(used: Readonly<Record<string, boolean>>): string {
  const names = Object.entries(used);
  const last = names.findLastIndex(([, is]) => is);
  return names
    .slice(0, last + 1)
    .map(([name, is]) => (is ? name : `_${name}`))
    .join(", ");
}

function isScratch({ name, role }: Buffer): boolean {
  return role === "temporary" && name === "scratch";
}

/** Bytes of a call's scratch. */
function scratchText({ sizer, size }: Buffer): string {
  return sizer ? `k.${sizer.kernel}(${sizer.args.map(extentText).join(", ")})` : extentText(fourfold(size));
}

function floatText(value: number): string {
  return Number.isFinite(value) ? numberLiteral(value) : String(value);
}

function fourfold(extent: Extent): Extent {
  return typeof extent === "number" ? 4 * extent : extent.map((c) => 4 * c);
}

function bracketed(text: string): string {
  return /[ ]/.test(text) ? `(${text})` : text;
}

/** `64`, `B`, `10 * B`, `B * B + 3`. */
function extentText(extent: Extent): string {
  if (typeof extent === "number") return numberLiteral(extent);
  const terms = extent.flatMap((c, power) => {
    if (c === 0) return [];
    const factors = Array.from({ length: power }, () => "B");
    return [[...(c === 1 && power > 0 ? [] : [numberLiteral(c)]), ...factors].join(" * ")];
  });
  return terms.length === 0 ? "0" : terms.reverse().join(" + ");
}
