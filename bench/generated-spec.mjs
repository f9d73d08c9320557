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
  /** Blocks in blocks, so many deep, each with a layer before the inner one. */
  nested(depth) {
    const blocks = Array.from({ length: depth }, (_, i) => {
      const inner = i === 0 ? "" : ` |> b${i - 1}`;
      return `block b${i}(a: tensor) { return a |> dense(8, relu)${inner} }\n`;
    });
    return `${blocks.join("")}${around(`    output = x |> b${depth - 1}`)}`;
  },
  repeat: (layers) => around(`    output = x |> repeat ${layers} { dense(8, relu) }`),
};

/** A spec of so many layers, written as a chain of bindings, one pipe, a `repeat` or blocks inside blocks. */
export const generated = (kind, layers) => kinds[kind](layers);
