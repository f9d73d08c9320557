/** Finds the patterns that match a weight path in a tree of their segments, which is fast also with many patterns. */
export class PatternIndex {
  readonly #root = emptyStage();
  #empty = true;

  constructor(patterns: Iterable<string>) {
    for (const pattern of patterns) {
      this.#empty = false;
      const segments = pattern.split(".");
      this.#insert(segments, pattern);
      // A path without a star names a whole group as well as a single weight.
      if (!segments.includes("*")) this.#insert([...segments, "*"], pattern);
    }
  }

  get isEmpty(): boolean {
    return this.#empty;
  }

  #insert(segments: readonly string[], pattern: string): void {
    let stage = this.#root;
    for (const segment of segments) {
      const next =
        segment === "*" ? (stage.star ?? emptyStage(true)) : (stage.next.get(segment) ?? emptyStage());
      if (segment === "*") stage.star = next;
      else stage.next.set(segment, next);
      stage = next;
    }
    stage.patterns.add(pattern);
  }

  /** The patterns that match a path; `*` stands for one or more segments. */
  matching(path: string): ReadonlySet<string> {
    if (this.#empty) return noPatterns;
    let stages = new Set([this.#root]);
    for (const segment of path.split(".")) {
      const after = new Set<Stage>();
      for (const stage of stages) {
        const named = stage.next.get(segment);
        if (named) after.add(named);
        if (stage.star) after.add(stage.star);
        if (stage.repeats) after.add(stage);
      }
      stages = after;
    }
    const found = new Set<string>();
    for (const { patterns } of stages) for (const pattern of patterns) found.add(pattern);
    return found;
  }

  matches(path: string): boolean {
    return this.matching(path).size > 0;
  }

  /** Every pattern that matches one of the paths, with those that it matches. */
  matched(paths: Iterable<string>): ReadonlyMap<string, readonly string[]> {
    const found = new Map<string, string[]>();
    for (const path of paths) {
      for (const pattern of this.matching(path)) {
        const own = found.get(pattern) ?? [];
        own.push(path);
        found.set(pattern, own);
      }
    }
    return found;
  }
}

const noPatterns: ReadonlySet<string> = new Set();

/** A node of the tree, reached after some segments of a path. */
interface Stage {
  readonly next: Map<string, Stage>;
  star: Stage | undefined;
  /** Whether it follows a star, which also takes further segments. */
  readonly repeats: boolean;
  readonly patterns: Set<string>;
}

function emptyStage(repeats = false): Stage {
  return { next: new Map(), star: undefined, repeats, patterns: new Set() };
}
