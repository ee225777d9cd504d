import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    root: new URL("..", import.meta.url).pathname,
    projects: [
      { extends: true, test: { name: "examples", include: ["src/**/*.test.ts"] } },
      { extends: true, test: { name: "properties", include: ["properties/**/*.test.ts"] } },
    ],
  },
});
