import { describe, expect, test } from "vitest";
import { compile, type DrawEpisode } from "../../src/index.js";
import { componentKinds, entriesOf } from "../../src/library/index.js";
import { specOf } from "./example-specs.js";

/** Classes that a number's sign tells apart. */
const drawSigns: DrawEpisode = () => {
  const rows = { inputs: { x: [-1, -0.5, 0.5, 1] }, labels: { y: [0, 0, 1, 1] } };
  return { support: rows, query: rows };
};

const all = componentKinds().flatMap((kind) => entriesOf(kind).map((e) => [kind, e.name, e] as const));

describe("every example compiles, and trains where it can", () => {
  test.each(all)("%s %s", async (_kind, name, entry) => {
    expect(entry.example).toContain(name === "constant" && entry.kind === "layer" ? "2" : name);
    const spec = specOf(entry);
    const compilation = compile(spec);
    const errors = compilation.diagnostics.filter((d) => d.severity === "error");
    expect(
      errors.map((d) => `${d.code} ${d.message}`),
      spec,
    ).toEqual([]);
    if (entry.kind === "algorithm" || entry.kind === "family") {
      const learner = await compilation.createMeta({ engine: "reference" });
      const draw = "kept" in entry ? { draw: drawSigns } : {};
      expect(Number.isFinite((await learner.metaFit({ steps: 2, ...draw })).loss)).toBe(true);
      return;
    }
    const model = await compilation.create({ engine: "reference" });
    // So many that a sampler takes some of each source.
    const count = model.descriptor.sources.length > 0 ? 32 : 4;
    const rows = <T extends { name: string; width: number; kind: string }>(fields: readonly T[]) =>
      Object.fromEntries(
        fields.map((f) => [
          f.name,
          Array.from({ length: count * f.width }, (_, i) => (f.kind === "float" ? 1 : 0) + (i % 2)),
        ]),
      );
    const { descriptor } = model;
    const source =
      descriptor.sources.length > 0 ? { source: Array.from({ length: count }, (_, i) => i % 2) } : {};
    const data = { inputs: rows(descriptor.inputs), labels: rows(descriptor.tasks), ...source };
    const { epochs } = await model.fit(data);
    for (const loss of Object.values(epochs[0]!.losses)) expect(Number.isFinite(loss)).toBe(true);
  });
});
