import type { AlgorithmEntry } from "../meta-entry.js";
import { anil } from "./anil.js";
import { boil } from "./boil.js";
import { cavia } from "./cavia.js";
import { imaml } from "./imaml.js";
import { maml } from "./maml.js";
import { maml_pp } from "./maml_pp.js";
import { meta_sgd } from "./meta_sgd.js";
import { matching } from "./matching.js";
import { protonet } from "./protonet.js";
import { relation } from "./relation.js";
import { reptile } from "./reptile.js";
import { supervised } from "./supervised.js";

export const algorithms: readonly AlgorithmEntry[] = [
  maml,
  maml_pp,
  meta_sgd,
  anil,
  boil,
  cavia,
  reptile,
  imaml,
  protonet,
  matching,
  relation,
  supervised,
];
