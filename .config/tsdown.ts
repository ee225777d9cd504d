import { readdirSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig } from "tsdown";

const root = fileURLToPath(new URL("..", import.meta.url));

/** One file a property, all in one folder: the command discovers them there, as it does among the sources. */
const properties = readdirSync(`${root}/properties`, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".property.ts"))
  .map((path) => [`properties/${basename(path, ".ts")}`, `properties/${path}`]);

/** Builds what is published: the command, the library with its types, and the properties. */
export default defineConfig({
  cwd: root,
  entry: {
    main: "src/cli/main.ts",
    index: "src/index.ts",
    // What each thread of a sweep runs.
    "sweep-thread": "src/cli/sweep/thread.ts",
    ...Object.fromEntries(properties),
  },
  format: "esm",
  platform: "node",
  target: "node20",
  dts: { entry: "src/index.ts" },
  fixedExtension: false,
  clean: true,
  logLevel: "error",
});
