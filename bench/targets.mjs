/**
 * What is wanted: a model's `fit` on nnspec is `times` as fast as a system, or takes `at most` so many times as long. `best
 * of` several takes the fastest that can.
 */
const cpu = "layers:cpu";
const tfjs = ["layers:cpu", "layers:wasm"];
export const targets = [
  { model: "two-towers", than: [cpu], times: 80 },
  { model: "two-towers", than: ["torch"], times: 15 },
  { model: "mlp", than: [cpu], times: 45 },
  { model: "mlp", than: ["layers:wasm"], times: 10 },
  { model: "mlp", than: ["jax:wasm"], times: 1.5 },
  { model: "mlp", than: ["torch"], atMost: 1.5 },
  { model: "cnn", than: [cpu], times: 400 },
  { model: "cnn", than: ["torch"], atMost: 2 },
  ...["lstm", "transformer", "embeddings"].flatMap((model) => [
    { model, than: tfjs, times: 10 },
    { model, than: ["jax:wasm"], times: 1 },
  ]),
];

/** A target against milliseconds a step: what was wanted, what there is, and whether that is enough. */
export function judge({ than, times, atMost }, ours, msOf) {
  const theirs = than.map(msOf).filter((ms) => ms !== undefined && ms !== null);
  if (theirs.length === 0 || ours === undefined || ours === null) return { ratio: null, met: null };
  const best = Math.min(...theirs);
  return times === undefined
    ? { ratio: ours / best, met: ours / best <= atMost }
    : { ratio: best / ours, met: best / ours >= times };
}
