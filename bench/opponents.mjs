// The other systems: where they are, which versions, and whether they are worth comparing with.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { here } from "./process.mjs";

/** The first release that is compared with. */
const OLDEST = [2, 15];
/** What PyTorch calls the libraries that are tuned to the processor; anything else is a reference BLAS, or as slow as one. */
const FAST_BLAS = ["mkl", "open", "openblas", "accelerate", "veclib", "blis", "armpl", "nvpl"];

/** Why this build of PyTorch is too weak an opponent, or undefined. */
export function torchRefusal({ torch, config, mkldnn }) {
  const [major, minor] = torch.split(".").map(Number);
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]))
    return `torch ${torch} is older than ${OLDEST.join(".")}`;
  const blas = blasOf(config);
  if (!FAST_BLAS.includes(blas.toLowerCase()))
    return `torch ${torch} has a reference BLAS (BLAS_INFO=${blas}), neither MKL nor OpenBLAS`;
  return mkldnn ? undefined : `torch ${torch} was built without oneDNN`;
}

function blasOf(config) {
  return /\bBLAS_INFO=(\w+)/.exec(config)?.[1] ?? "unknown";
}

/** The libraries that a build of PyTorch calls, as it names them. */
export function torchLibraries(config) {
  const mkl = /Math Kernel Library Version ([\d.]+)/.exec(config)?.[1];
  const oneDnn = /MKL-DNN v([\d.]+)/.exec(config)?.[1];
  const simd = /CPU capability usage: (\S+)/.exec(config)?.[1];
  return { blas: mkl ? `MKL ${mkl}` : blasOf(config), oneDNN: oneDnn ?? "none", simd: simd ?? "unknown" };
}

function look(python) {
  const { status, stdout } = spawnSync(python, [here("versions.py")], { encoding: "utf8", timeout: 300_000 });
  return status === 0 ? { python, ...JSON.parse(stdout.trim().split("\n").at(-1)) } : { python };
}

/**
 * The Pythons with PyTorch and with Keras on jax; the environment's PYTHON and PYTHON_KERAS come first. A PyTorch that is too weak
 * is `refused` where there is no other.
 */
export function findPythons() {
  const named = [process.env.PYTHON, process.env.PYTHON_KERAS, "python3", "/usr/bin/python3"].filter(Boolean);
  const all = [...new Set(named)].map(look);
  const torches = all.filter(({ torch }) => torch);
  const torch = torches.find((found) => torchRefusal(found) === undefined);
  const kerases = all.filter(({ keras, jax }) => keras && jax);
  const keras = kerases.find(({ python }) => python === process.env.PYTHON_KERAS) ?? kerases[0];
  const none = (what) => ({ cannot: `no ${what} in ${[...new Set(named)].join(", ")}` });
  return {
    torch: torch ?? none("torch"),
    keras: keras ?? none("keras and jax"),
    refused: torch || torches.length === 0 ? undefined : torchRefusal(torches[0]),
  };
}

const packageVersion = (name) =>
  JSON.parse(readFileSync(here(`../node_modules/${name}/package.json`), "utf8")).version;

/** Versions of all that is measured, for the head of the report. */
export function versionsOf({ torch, keras }) {
  return {
    node: process.version.slice(1),
    tfjs: packageVersion("@tensorflow/tfjs"),
    "jax-js": packageVersion("@jax-js/jax"),
    ...(torch.cannot ? {} : { torch: torch.torch, ...torchLibraries(torch.config), numpy: torch.numpy }),
    ...(keras.cannot ? {} : { keras: keras.keras, jax: keras.jax }),
  };
}
