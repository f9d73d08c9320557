import fc from "fast-check";
import { expect, test } from "vitest";
import type { NodeDocument, TaskDocument } from "../../src/document/types.js";
import { compile } from "../../src/index.js";
import { Reach } from "../../src/model/reach.js";

type Net = readonly { readonly inputs: readonly number[]; readonly stops: boolean }[];

/** Nodes n0, n1, … with the weights w0, w1, …, each of what stands before it; x where nothing does. */
function nodesOf(net: Net): NodeDocument[] {
  return net.map(({ inputs, stops }, i) => ({
    id: `n${i}`,
    layer: stops ? "detach" : "add",
    inputs: i === 0 ? ["x"] : inputs.map((n) => `n${n % i}`),
    options: {},
    weights: stops ? {} : { value: `w${i}` },
    state: {},
    type: { dtype: "float", dims: [1], batched: true },
  }));
}

/** What a task reaches, walked back from its output one path after the other. */
function walked(nodes: readonly NodeDocument[], output: string, gradients: boolean): Set<string> {
  const seen = new Set<string>();
  const waiting = [output];
  for (let ref = waiting.pop(); ref !== undefined; ref = waiting.pop()) {
    if (seen.has(ref)) continue;
    seen.add(ref);
    const node = nodes.find(({ id }) => id === ref);
    if (node && !(gradients && node.layer === "detach")) waiting.push(...node.inputs);
  }
  return seen;
}

const nets = fc.array(
  fc.record({ inputs: fc.array(fc.nat(20), { minLength: 1, maxLength: 3 }), stops: fc.boolean() }),
  { minLength: 1, maxLength: 20 },
);

test("one walk finds what a walk for each task does", () => {
  fc.assert(
    fc.property(nets, fc.array(fc.nat(19), { minLength: 1, maxLength: 70 }), (net, outputs) => {
      const nodes = nodesOf(net);
      const tasks = outputs.map((n, i): Pick<TaskDocument, "name" | "output"> => ({
        name: `t${i}`,
        output: `n${n % nodes.length}`,
      }));
      // Reach looks at names and outputs of tasks only.
      const reach = new Reach({ nodes, tasks: tasks as TaskDocument[] });
      const reaching = (ref: string, gradients: boolean) =>
        tasks.filter(({ output }) => walked(nodes, output, gradients).has(ref)).map(({ name }) => name);
      for (const { id, weights } of nodes) {
        expect(reach.namesOfValue(id)).toEqual(reaching(id, false));
        expect(reach.hasGradient(id)).toBe(reaching(id, true).length > 0);
        for (const path of Object.values(weights))
          expect(reach.tasksOfWeight(path)).toEqual(reaching(id, true));
      }
    }),
  );
});

test("shared values are walked once: a chain of sums that doubles its paths at each is checked at once", () => {
  const sums = Array.from({ length: 2000 }, (_, i) => `h${i + 1} = h${i} + h${i}`);
  const { diagnostics } = compile(`model M {
    input x: float[2]
    h0 = x |> dense(2)
    ${sums.join("\n    ")}
    task t { output = h2000 |> dense(1)  label: float  loss: mse }
  }
  budget { parameters <= 9  flops <= 20000 }`);
  expect(diagnostics).toEqual([]);
});
