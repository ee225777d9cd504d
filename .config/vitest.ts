import { defineConfig } from "vitest/config";
import ClosingLine from "./closing-line.ts";

export default defineConfig({
  test: {
    root: new URL("..", import.meta.url).pathname,
    reporters: ["default", new ClosingLine()],
    projects: [
      { extends: true, test: { name: "examples", include: ["src/**/*.test.ts"] } },
      { extends: true, test: { name: "properties", include: ["properties/**/*.test.ts"] } },
    ],
  },
});
