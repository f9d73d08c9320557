/** Made by scripts/embed-std.mjs from the .nnspec files beside it. */
export const texts: Readonly<Record<string, string>> = {
  "multitask": "/// Multi-gate mixture of experts (Ma et al. 2018, equations 4 to 7): every task mixes the same experts\n/// with a softmax gate of its own. Returns a list with one tensor of [units] for each task.\nblock mmoe(x: tensor, tasks: int, experts: int = 4, units: int = 16, act: activation = relu) {\n  expert = [for i in 1..experts: x |> dense(units, act)]\n  bank = stack(expert)\n  gate = [for t in 1..tasks: x |> dense(experts, softmax)]\n  return [for t in 0..tasks - 1: dot(gate[t], bank)]\n}\n",
};
