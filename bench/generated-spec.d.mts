/** A spec of so many layers, written as a chain of bindings, one pipe, a `repeat` or blocks inside blocks. */
export function generated(kind: string, layers: number): string;
