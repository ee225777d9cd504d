import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { casesOf, loadProperties, readCases } from "./catalogue.ts";
import { values } from "./given.ts";
import { property } from "./property.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rackproof-catalogue-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);

const even = property({
  id: "NUM-1",
  part: "numbers",
  statement: "a number is small",
  given: values(fc.nat({ max: 9 })),
  subject: () => (call: number) => call,
  scripts: (given) => [[given]],
  holds: () => undefined,
  witnesses: {},
  mutants: {},
});

describe("loadProperties", () => {
  it("finds each property file and orders them by id, DIR-2 before DIR-10", async () => {
    for (const id of ["DIR-10", "DIR-2"]) {
      write(`${id.toLowerCase()}-x.property.js`, `export default { id: "${id}" };`);
    }
    write("helper.js", "export const x = 1;");
    expect((await loadProperties(folder)).map(({ id }) => id)).toEqual(["DIR-2", "DIR-10"]);
  });

  it("refuses a file that does not export what its name says", async () => {
    write("dir-1-x.property.js", `export default { id: "DIR-7" };`);
    await expect(loadProperties(folder)).rejects.toThrow("must export by default the property");
  });

  it("refuses a folder that is not there or has none: proving nothing must not pass", async () => {
    await expect(loadProperties(join(folder, "absent"))).rejects.toThrow("[VERIFY-3]");
    write("x.property.mjs", "export default 1;");
    await expect(loadProperties(folder)).rejects.toThrow("found none [VERIFY-3]");
  });

  it.each([
    "export default 5;",
    "export default null;",
    "no code at all (",
    "throw new Error('x');",
  ])("refuses a file that says %s, and names it", async (text) => {
    write("dir-1-x.property.js", text);
    await expect(loadProperties(folder)).rejects.toThrow(/VERIFY-3\] at .*dir-1-x[.]property[.]js/);
  });

  it("refuses two properties with one id", async () => {
    write("dir-1-x.property.js", `export default { id: "DIR-1" };`);
    write("dir-1-y.property.js", `export default { id: "DIR-1" };`);
    await expect(loadProperties(folder)).rejects.toThrow("found DIR-1 twice");
  });
});

describe("saved cases", () => {
  it("are read in order of file name, and none from a folder that is not there", () => {
    write("b.json", `{"property":"NUM-1","case":3,"because":"b"}`);
    write("a.json", `{"property":"NUM-1","case":2,"because":"a"}`);
    expect(casesOf(even, readCases(folder))).toEqual([2, 3]);
    expect(readCases(join(folder, "absent"))).toEqual([]);
  });

  it.each(["{", "null", `{"property":"NUM-1"}`, `{"case":1}`])("are never %s", (text) => {
    write("a.json", text);
    expect(() => readCases(folder)).toThrow(/VERIFY-1\] at .*a[.]json/);
  });

  it("belong to the property they name", () => {
    expect(casesOf(even, [{ property: "NUM-2", case: 3, because: "" }])).toEqual([]);
  });

  it("that no longer parse are an error that names them, not skipped", () => {
    expect(() => casesOf(even, [{ property: "NUM-1", case: 10, because: "" }])).toThrow(
      "a saved case of NUM-1 must be one of its inputs, found 10 [VERIFY-1]",
    );
  });
});
