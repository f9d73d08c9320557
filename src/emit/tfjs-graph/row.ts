import type { Site } from "../../backends/tfjs/table.js";
import type { Program } from "../../tensor/program.js";
import type { Graph, Ref } from "./graph.js";

/** Adds a program's operations to the graph and says where its outputs are. */
export type Inline = (program: Program, inputs: readonly Ref[]) => Ref[];

/** Adds the nodes that compute one operation and says where its results are; undefined if the format cannot. */
export type GraphRow = (
  g: Graph,
  inputs: readonly Ref[],
  site: Site,
  inline: Inline,
) => Ref | readonly Ref[] | undefined;
