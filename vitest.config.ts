import { defineConfig } from "vitest/config";

// Where relaxed SIMD is behind a flag (Node 20), what goes through the kernels is tested again with the flag, so that both
// builds of them are; elsewhere the relaxed build is what all tests run on.
const flag = "--experimental-wasm-relaxed-simd";
const behindFlag = Number(process.versions.node.split(".")[0]) < 21;

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "all",
          include: ["src/**/*.test.ts", "lab/**/*.test.ts", "tasks/**/*.test.ts", "test/**/*.test.ts"],
          testTimeout: 60_000,
        },
      },
      ...(behindFlag
        ? [
            {
              test: {
                name: "relaxed SIMD",
                include: [
                  "src/kernels/*.test.ts",
                  "src/losses/{ctc,losses}.test.ts",
                  "src/{recurrent,training}/*.test.ts",
                  "test/properties/*.test.ts",
                  "test/{torch,torchStates}.test.ts",
                ],
                testTimeout: 60_000,
                execArgv: [flag],
              },
            },
          ]
        : []),
    ],
  },
});
