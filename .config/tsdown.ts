import { defineConfig } from "tsdown";

/** Builds what is published: the command, the library with its types, and one file a property, which the command discovers. */
export default defineConfig({
  entry: {
    main: "src/cli/main.ts",
    index: "src/index.ts",
    "properties/*": "properties/**/*.property.ts",
  },
  format: "esm",
  platform: "node",
  target: "node20",
  dts: { entry: "src/index.ts" },
  fixedExtension: false,
  sourcemap: false,
  clean: true,
  hash: false,
});
