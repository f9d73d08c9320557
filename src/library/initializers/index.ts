import type { InitializerEntry } from "../entry.js";
import { constant } from "./constant.js";
import { glorotNormal } from "./glorot_normal.js";
import { glorotUniform } from "./glorot_uniform.js";
import { heNormal } from "./he_normal.js";
import { heUniform } from "./he_uniform.js";
import { identity } from "./identity.js";
import { normal } from "./normal.js";
import { ones } from "./ones.js";
import { orthogonal } from "./orthogonal.js";
import { uniform } from "./uniform.js";
import { unitForgetBias } from "./unit_forget_bias.js";
import { zeros } from "./zeros.js";

export const initializers: readonly InitializerEntry[] = [
  constant,
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  identity,
  normal,
  ones,
  orthogonal,
  uniform,
  unitForgetBias,
  zeros,
];
