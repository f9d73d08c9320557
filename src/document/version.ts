/** The version of the format. docs/versions.md says what may change without raising it. */
export const DOCUMENT_VERSION = 1;

/** Why a document of another version is not read, or nothing. */
export function versionProblem(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null || !("nnspec" in value)) return undefined;
  const { nnspec } = value;
  if (nnspec === DOCUMENT_VERSION || !Number.isInteger(nnspec)) return undefined;
  return `This document is of version ${String(nnspec)}, and version ${DOCUMENT_VERSION} is read here; compile its spec again with this nnspec, or read it with the one that wrote it`;
}
