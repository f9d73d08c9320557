export function withParts(types: string): string;
