import { describe, expect, it } from "vitest";
import { InputError } from "#base";
import { findProfile, referenceOf } from "#spec";
import { readNotes } from "./notes.ts";

const [DOCUMENT, DATASHEET] = [
  referenceOf(findProfile("document")),
  referenceOf(findProfile("datasheet")),
];
const HEADER = "figure,topic,says,standing";

const said = (...rows: readonly string[]): string => {
  try {
    const notes = readNotes([HEADER, ...rows].join("\n"), "notes.csv", DOCUMENT, DATASHEET);
    return notes
      .map(({ figure, standing, document, datasheet }) =>
        [figure, standing, document?.value ?? "nothing", datasheet.value].join(" "),
      )
      .join("; ");
  } catch (thrown) {
    if (thrown instanceof InputError) return thrown.message;
    throw thrown;
  }
};

describe("a note", () => {
  it("sets what the document has beside what is public", () => {
    expect(
      said("b200.sms,SMs,Others count fewer.,contradicted", "h100.sms,SMs,So.,confirmed"),
    ).toBe("b200.sms contradicted 192 148; h100.sms confirmed 132 132");
    expect(said("b200.sms,SMs,It can be read either way.,ambiguous")).toContain(
      "ambiguous 192 148",
    );
  });

  it("has the standing that the two figures and their sources say", () => {
    expect(said("b200.sms,SMs,It says.,confirmed")).toMatchInlineSnapshot(
      `"the standing of b200.sms must be what the sources say, found confirmed with 192 and 148 [CLAIM-2] at notes.csv:2"`,
    );
    expect(said("h100.sms,SMs,It says.,contradicted")).toContain("[CLAIM-2] at notes.csv:2");
    expect(said("h100.sms,SMs,It says.,unstated")).toContain("[CLAIM-2] at notes.csv:2");
    expect(said("h100.sms,SMs,It says.,doubtful")).toMatchInlineSnapshot(
      `"a standing must be one of contradicted, unsupported, confirmed, ambiguous, unstated, found "doubtful" [CLAIM-2] at notes.csv:2"`,
    );
  });

  it("is about a figure that there is", () => {
    expect(said("b200.hbm,HBM,It says.,confirmed")).toMatchInlineSnapshot(
      `"a note must be about a figure of the profile datasheet, found "b200.hbm" [CLAIM-5] at notes.csv:2"`,
    );
    expect(said("toString,HBM,It says.,confirmed")).toContain("[CLAIM-5]");
  });

  it("stands in a file whose quotes are closed, and every fault is told", () => {
    expect(said('b200.sms,"SMs')).toContain("[CLAIM-1]");
    expect(said("a,b,c,confirmed", "a,b,c,d").split("\n")).toHaveLength(2);
  });
});
