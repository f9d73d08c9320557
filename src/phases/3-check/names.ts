/** Where a layer stands: what the paths of its weights begin with, and which names are free. */
export interface NameScope {
  readonly level: Level;
  /** `_3` inside the third copy of a `repeat` or comprehension. */
  readonly suffix: string;
  /** In a shared name, which makes the same paths each time that it is applied: those that this application has made. */
  readonly application: Set<string> | undefined;
  /** Set by `as NAME`: the name of the next layer or block. */
  readonly pinned?: string;
}

/** One level of weight paths, which the copies in a `repeat` share. */
class Level {
  #first: string | undefined;
  #counts: Map<string, number> | undefined;

  /** `path` is that of the level itself; empty for the model's. */
  constructor(readonly path: string) {}

  /** Takes a name; answers how often it has been taken by now. */
  take(name: string): number {
    // Most levels have one layer, if any: names are counted from the second one on.
    if (this.#first === undefined) {
      this.#first = name;
      return 1;
    }
    this.#counts ??= new Map([[this.#first, 1]]);
    const count = (this.#counts.get(name) ?? 0) + 1;
    this.#counts.set(name, count);
    return count;
  }
}

/** The level of the model, or of a constant. */
export function topScope(): NameScope {
  return scopeAt("", undefined);
}

/** The level below another one, under this name. */
export function nameScope(around: NameScope, name: string): NameScope {
  return scopeAt(pathIn(around, name), around.application);
}

/** As `nameScope`, for what makes the same paths each time that it is applied. */
export function sharedScope(around: NameScope, name: string): NameScope {
  return scopeAt(pathIn(around, name), new Set());
}

function scopeAt(path: string, application: Set<string> | undefined): NameScope {
  return { level: new Level(path), suffix: "", application };
}

/** The path of a name at this level. */
export function pathIn({ level: { path } }: NameScope, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

/** The next free name of this base: `dense`, `dense_2`, …; with the copy's number inside a copy. */
export function takeName({ level, pinned, suffix }: NameScope, base: string): string {
  const wanted = (pinned ?? base) + suffix;
  const count = level.take(wanted);
  return count === 1 ? wanted : `${wanted}_${count}`;
}
