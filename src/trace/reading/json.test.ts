import { describe, expect, it } from "vitest";
import { parseObject } from "./json.ts";

describe("parseObject", () => {
  it("keeps whole numbers beyond 2^53, and leaves the others as they are", () => {
    expect(parseObject(`{"id":18446744073709551615,"n":1.5}`)).toEqual({
      id: 2n ** 64n - 1n,
      n: 1.5,
    });
  });

  it.each(["1", "18446744073709551615"])(
    "takes the last of two keys alike, beside %s as well",
    (id) => {
      expect(parseObject(`{"id":${id},"n":1,"n":2}`)).toMatchObject({ n: 2 });
    },
  );

  it("is undefined for what is no object", () => {
    for (const text of ["", "[]", "null", "1", "{", `{"id":18446744073709551615`]) {
      expect(parseObject(text)).toBeUndefined();
    }
  });
});
