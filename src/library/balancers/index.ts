import type { BalancerEntry } from "../entry.js";
import { aligned_mtl } from "./aligned_mtl.js";
import { cagrad } from "./cagrad.js";
import { dwa } from "./dwa.js";
import { excess_risk } from "./excess_risk.js";
import { fairgrad } from "./fairgrad.js";
import { famo } from "./famo.js";
import { fixed } from "./fixed.js";
import { gls } from "./gls.js";
import { graddrop } from "./graddrop.js";
import { gradnorm } from "./gradnorm.js";
import { gradvac } from "./gradvac.js";
import { imtl_g } from "./imtl_g.js";
import { imtl_l } from "./imtl_l.js";
import { mgda } from "./mgda.js";
import { moco } from "./moco.js";
import { nash_mtl } from "./nash_mtl.js";
import { pcgrad } from "./pcgrad.js";
import { rlw } from "./rlw.js";
import { uncertainty } from "./uncertainty.js";

export const balancers: readonly BalancerEntry[] = [
  fixed,
  uncertainty,
  dwa,
  rlw,
  gls,
  gradnorm,
  pcgrad,
  gradvac,
  mgda,
  moco,
  cagrad,
  graddrop,
  imtl_g,
  imtl_l,
  nash_mtl,
  aligned_mtl,
  fairgrad,
  famo,
  excess_risk,
];
