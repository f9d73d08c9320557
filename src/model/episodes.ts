import type { DataDocument, MetaDocument } from "../document/types.js";

/** The column that names each row's task, where a `meta` section takes its tasks by one. */
export function taskColumn({ settings }: Pick<MetaDocument, "settings">): string | undefined {
  return settings.task ?? undefined;
}

/** Where a command finds tasks: a family, classes of a data file, or a column of it. */
export function hasTasks({ settings }: MetaDocument, data: DataDocument | undefined): boolean {
  return settings.tasks !== null || settings.task !== null || Boolean(data?.classes);
}
