import { expect, test } from "vitest";

interface Torch {
  readonly torch: string;
  readonly config: string;
  readonly mkldnn: boolean;
}

const { torchRefusal, torchLibraries } = (await import(
  new URL("../../bench/opponents.mjs", import.meta.url).href
)) as {
  torchRefusal: (found: Torch) => string | undefined;
  torchLibraries: (config: string) => object;
};

/** Lines of `torch.__config__.show()`, as builds print them. */
const pip = `PyTorch built with:
  - GCC 13.3
  - Intel(R) oneAPI Math Kernel Library Version 2024.2-Product Build 20240605 for Intel(R) 64 architecture applications
  - Intel(R) MKL-DNN v3.13.3 (Git Hash b38f97eb6f2173513112f15a0481750b8a66e901)
  - LAPACK is enabled (usually provided by MKL)
  - CPU capability usage: AVX512
  - Build settings: BLAS_INFO=mkl, BUILD_TYPE=Release, LAPACK_INFO=mkl, USE_MKL=ON, USE_MKLDNN=ON`;
const debian = `PyTorch built with:
  - GCC 12.2
  - CPU capability usage: AVX2
  - Build settings: BLAS_INFO=generic, BUILD_TYPE=Release, LAPACK_INFO=generic, USE_MKL=OFF, USE_MKLDNN=ON`;

test.each<[string, Torch, string | undefined]>([
  ["pip's", { torch: "2.15.0+cu132", config: pip, mkldnn: true }, undefined],
  ["a later one", { torch: "3.0.1", config: pip, mkldnn: true }, undefined],
  [
    "one with OpenBLAS",
    { torch: "2.16.0", config: pip.replace("BLAS_INFO=mkl", "BLAS_INFO=open"), mkldnn: true },
    undefined,
  ],
  ["Debian's", { torch: "1.13.1", config: debian, mkldnn: true }, "torch 1.13.1 is older than 2.15"],
  ["an old one with MKL", { torch: "2.9.1", config: pip, mkldnn: true }, "torch 2.9.1 is older than 2.15"],
  [
    "a new one with a reference BLAS",
    { torch: "2.15.0", config: debian, mkldnn: true },
    "torch 2.15.0 has a reference BLAS (BLAS_INFO=generic), neither MKL nor OpenBLAS",
  ],
  [
    "one that does not say",
    { torch: "2.15.0", config: "PyTorch built with:", mkldnn: true },
    "torch 2.15.0 has a reference BLAS (BLAS_INFO=unknown), neither MKL nor OpenBLAS",
  ],
  [
    "one without oneDNN",
    { torch: "2.15.0", config: pip, mkldnn: false },
    "torch 2.15.0 was built without oneDNN",
  ],
])("the benchmark takes a PyTorch that is worth comparing with: %s", (_, found, refusal) => {
  expect(torchRefusal(found)).toBe(refusal);
});

test("its libraries are told", () => {
  expect(torchLibraries(pip)).toEqual({ blas: "MKL 2024.2", oneDNN: "3.13.3", simd: "AVX512" });
  expect(torchLibraries(debian)).toEqual({ blas: "generic", oneDNN: "none", simd: "AVX2" });
});
