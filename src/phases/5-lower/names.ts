import { names as runtimeNames } from "../../runtime/programs.js";

/** The names of program inputs and outputs. A weight's name is its path; since no path has a `/`, the others do not collide. */
export const names = {
  ...runtimeNames,
  seen: (task: string) => `seen/${task}`,
  balancer: (state: string) => `balance/${state}`,
  slot: (path: string, slot: string) => `${path}/${slot}`,
  gradient: (path: string) => `${path}/gradient`,
  taskGradient: (path: string, task: string) => `${path}/gradient/${task}`,
  lossSum: (task: string) => `loss_sum/${task}`,
  gram: (layer: string) => `gram/${layer}`,
  updates: (path: string) => `${path}/updates`,
} as const;

/** FNV-1a over UTF-16 units: the random stream of a weight path or node. */
export function streamOf(path: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < path.length; i++) {
    hash ^= path.charCodeAt(i);
    hash = Math.imul(hash, 0x01000193) >>> 0;
  }
  return hash;
}
