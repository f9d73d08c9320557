import type { PrimitiveName } from "../../tensor/primitives/index.js";
import type { Program } from "../../tensor/program.js";
import type { OperandsOf, Site } from "../../tensor/site.js";
import type { Graph, Ref } from "./graph.js";

/** Adds a program's operations to the graph and says where its outputs are. */
export type Inline = (program: Program, inputs: readonly Ref[]) => Ref[];

/** Adds the nodes that compute one operation and says where its results are; undefined if the format cannot. */
export type GraphRow<K extends PrimitiveName> = (
  g: Graph,
  inputs: OperandsOf<K, Ref>,
  site: Site<K>,
  inline: Inline,
) => Ref | readonly Ref[] | undefined;
