interface Gap {
  readonly offset: number;
  readonly size: number;
}

/** Free memory below `end`, adjacent gaps merged. Every operation takes time logarithmic in the number of gaps. */
export class Gaps {
  end = 0;
  private readonly bySize = new BySize();
  // A removed gap's key is set to undefined, not deleted: V8's maps grow slow where a key is deleted and set repeatedly.
  private readonly byStart = new Map<number, Gap | undefined>();
  private readonly byEnd = new Map<number, Gap | undefined>();

  /** Takes memory from the smallest gap that is large enough, else at the end, where a last gap is used as a part. */
  take(size: number): number {
    if (size === 0) return 0;
    const gap = this.bySize.smallest(size) ?? this.byEnd.get(this.end);
    if (gap) this.remove(gap);
    const offset = gap?.offset ?? this.end;
    const left = (gap?.size ?? 0) - size;
    if (left > 0) this.add({ offset: offset + size, size: left });
    this.end = Math.max(this.end, offset + size);
    return offset;
  }

  free(offset: number, size: number): void {
    if (size === 0) return;
    const [before, after] = [this.byEnd.get(offset), this.byStart.get(offset + size)];
    if (before) this.remove(before);
    if (after) this.remove(after);
    this.add({
      offset: before?.offset ?? offset,
      size: (before?.size ?? 0) + size + (after?.size ?? 0),
    });
  }

  private add(gap: Gap): void {
    this.bySize.add(gap);
    this.byStart.set(gap.offset, gap);
    this.byEnd.set(gap.offset + gap.size, gap);
  }

  private remove(gap: Gap): void {
    this.bySize.remove(gap);
    this.byStart.set(gap.offset, undefined);
    this.byEnd.set(gap.offset + gap.size, undefined);
  }
}

type Tree = Node | undefined;

interface Node {
  readonly gap: Gap;
  /** Higher than its children's ranks; as ranks are random, the tree is about as deep as a balanced one. */
  readonly rank: number;
  left: Tree;
  right: Tree;
}

/** Gaps ordered by size, then by offset, in a treap. */
class BySize {
  private root: Tree;
  private drawn = 1;

  add(gap: Gap): void {
    const [before, after] = split(this.root, gap);
    this.root = joined(joined(before, { gap, rank: this.draw(), left: undefined, right: undefined }), after);
  }

  remove(gap: Gap): void {
    const [before, rest] = split(this.root, gap);
    const [, after] = split(rest, { size: gap.size, offset: gap.offset + 1 });
    this.root = joined(before, after);
  }

  /** The first gap of this size or more. */
  smallest(size: number): Gap | undefined {
    let found: Gap | undefined;
    for (let node = this.root; node !== undefined;) {
      const fits = node.gap.size >= size;
      if (fits) found = node.gap;
      node = fits ? node.left : node.right;
    }
    return found;
  }

  /** A random rank by Marsaglia's xorshift; always the same sequence, so that a layout is reproducible. */
  private draw(): number {
    this.drawn ^= this.drawn << 13;
    this.drawn ^= this.drawn >>> 17;
    this.drawn ^= this.drawn << 5;
    return this.drawn;
  }
}

/** Splits a tree into the gaps that come before `at` and the others. */
function split(node: Tree, at: Gap): [Tree, Tree] {
  if (node === undefined) return [undefined, undefined];
  const { gap } = node;
  if (gap.size < at.size || (gap.size === at.size && gap.offset < at.offset)) {
    const [before, after] = split(node.right, at);
    node.right = before;
    return [node, after];
  }
  const [before, after] = split(node.left, at);
  node.left = after;
  return [before, node];
}

/** Joins two trees, where all of the first come before those of the second. */
function joined(first: Tree, second: Tree): Tree {
  if (first === undefined || second === undefined) return first ?? second;
  if (first.rank > second.rank) {
    first.right = joined(first.right, second);
    return first;
  }
  second.left = joined(first, second.left);
  return second;
}
