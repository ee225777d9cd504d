import { describe, expect, it } from "vitest";
import { instant } from "./instant.ts";

describe("an instant of a generated trace", () => {
  it("is any that virtual time can tell", () => {
    expect(instant(0)).toBe(0);
    expect(instant(Number.MAX_SAFE_INTEGER)).toBe(2 ** 53 - 1);
  });

  it("is refused beyond, as an order for too many requests", () => {
    expect(() => instant(2 ** 53)).toThrow("must end within 104 days");
  });
});
