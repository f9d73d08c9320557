// Times the phases of `nnc check` on a generated spec, in a process of its own: `node bench/compile-time.mjs KIND LAYERS`.
import { compile } from "../dist/src/compile.js";

const around = (body) => `model Deep {
  input x: float[8]
  task y {
${body}
    label: float[8]
    loss: mse
  }
}
train { optimizer: adam(lr: 0.001) }
`;

const kinds = {
  chain(layers) {
    const lines = Array.from(
      { length: layers },
      (_, i) => `    h${i + 1} = ${i === 0 ? "x" : `h${i}`} |> dense(8, relu)`,
    );
    return around(`${lines.join("\n")}\n    output = h${layers}`);
  },
  pipe: (layers) => around(`    output = x${"\n      |> dense(8, relu)".repeat(layers)}`),
  repeat: (layers) => around(`    output = x |> repeat ${layers} { dense(8, relu) }`),
};

const [kind, layers] = process.argv.slice(2);
const text = kinds[kind](Number(layers));
const start = performance.now();
const { document, diagnostics } = compile(text);
const ms = performance.now() - start;
if (document?.nodes.length !== Number(layers)) throw new Error(diagnostics.map((d) => d.message).join("\n"));
console.log(JSON.stringify({ ms }));
