/** More hints than this are not looked for. */
export const MOST_HINTS = 50;

/** Looking for a name that was meant takes time, and nobody reads the hints of a thousand messages: only the first are looked for. */
export class Hints {
  #left = MOST_HINTS;

  find(look: () => string | undefined): string | undefined {
    if (this.#left === 0) return undefined;
    this.#left--;
    return look();
  }
}
