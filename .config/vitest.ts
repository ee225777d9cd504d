import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import ClosingLine from "./closing-line.ts";

export default defineConfig({
  test: {
    root: new URL("..", import.meta.url).pathname,
    // One more than Vitest's own choice on two cores: nothing else runs beside the tests.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    reporters: ["default", new ClosingLine()],
    // Tests share a process and its modules: none changes anything that another one sees, and code that is warm runs twice as fast.
    isolate: false,
    projects: [
      {
        extends: true,
        test: {
          name: "examples",
          include: ["src/**/*.test.ts"],
          exclude: ["src/**/*.whole.test.ts"],
        },
      },
      // The main job from beginning to end: half a minute by itself, so it is not part of `npm test`.
      { extends: true, test: { name: "whole", include: ["src/**/*.whole.test.ts"] } },
      { extends: true, test: { name: "properties", include: ["properties/**/*.test.ts"] } },
    ],
  },
});
