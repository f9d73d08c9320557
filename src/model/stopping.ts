import type { Component } from "../library/entry.js";
import { entry as libraryEntry } from "../library/index.js";
import type { Watched } from "../library/kinds/stopper.js";
import { readOptions } from "../library/options.js";

/** What a train section's `stop` watches. */
export function watchedBy({ name, options }: Component): Watched {
  const entry = libraryEntry("stopper", name);
  return entry.watches(readOptions(entry, options));
}
