/** The page of the calls, from the tables of their options. */
export function apiPage(
  tables: Readonly<Record<string, Readonly<Record<string, { readonly takes: string }>>>>,
): string;
