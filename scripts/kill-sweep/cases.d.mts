/** One case of the kill sweep. */
export function runCase(
  seed: number,
  options?: { readonly plant?: (checkpoint: string) => void },
): Promise<{
  readonly kind: string;
  readonly found: readonly string[];
  readonly kills: Readonly<Record<string, number>>;
}>;
