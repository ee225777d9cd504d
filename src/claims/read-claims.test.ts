import { describe, expect, it } from "vitest";
import { formatIssue, InputError } from "#base";
import { CLAIM_COLUMNS, readClaims } from "./read-claims.ts";

const HEADER = CLAIM_COLUMNS.join(",");
/** A claim that is right, in the order of the columns. */
const GOOD = "a.b,one,heading,Two GPUs.,2,count,0,derived,1 + 1,,consistent,,";

/** Every fault as it is printed; what is thrown counts as well. */
const faults = (csv: string): readonly string[] => {
  try {
    return readClaims(csv, "f.csv").issues.map(formatIssue);
  } catch (thrown) {
    if (thrown instanceof InputError) return thrown.issues.map(formatIssue);
    throw thrown;
  }
};

const faultsOf = (...records: readonly string[]): readonly string[] =>
  faults([HEADER, ...records, ""].join("\n"));

describe("a file of claims", () => {
  it("is read into claims, with the places of their formulas", () => {
    const { claims, issues } = readClaims(`${HEADER}\n${GOOD}\n`, "f.csv");
    expect(issues).toEqual([]);
    expect(claims).toMatchInlineSnapshot(`
      [
        {
          "at": {
            "file": "f.csv",
            "formula": {
              "column": 45,
              "line": 2,
            },
            "line": 2,
            "route": {
              "column": 51,
              "line": 2,
            },
          },
          "because": "",
          "cause": "",
          "decimals": 0,
          "formula": "1 + 1",
          "id": "a.b",
          "kind": "derived",
          "place": "heading",
          "route": "",
          "section": "one",
          "stated": "2",
          "states": "Two GPUs.",
          "unit": "count",
          "verdict": "consistent",
        },
      ]
    `);
  });

  it("may come with a byte order mark, CRLF, empty lines and spaces around cells", () => {
    const plain = readClaims(`${HEADER}\n${GOOD}\n`, "f.csv").claims;
    const dressed = `\uFEFF${HEADER}\r\n\r\n${GOOD.replaceAll(",", " , ")}\r\n\r\n`;
    const { claims, issues } = readClaims(dressed, "f.csv");
    expect(issues).toEqual([]);
    expect(claims.map(({ at: _, ...claim }) => claim)).toEqual(
      plain.map(({ at: _, ...claim }) => claim),
    );
    expect(claims[0]?.at.line).toBe(3);
  });

  it("may leave out what nobody has audited yet, and have columns of its own in any order", () => {
    const csv =
      "formula,id,states,stated,unit,decimals,kind,remark\n1 + 1,a,Two.,2,count,0,derived,mine\n";
    const { claims, issues } = readClaims(csv, "f.csv");
    expect(issues).toEqual([]);
    expect(claims[0]).toMatchObject({ id: "a", formula: "1 + 1", verdict: "", route: "" });
  });

  it("may have commas, quotes and line breaks between quotes", () => {
    const record = `a,one,heading,"two, ""2"",\nor so",2,count,0,derived,"min(2, 3)",,,,"a\nb"`;
    const { claims, issues } = readClaims(`${HEADER}\n${record}\n${GOOD}\n`, "f.csv");
    expect(issues).toEqual([]);
    expect(claims[0]).toMatchObject({
      states: 'two, "2",\nor so',
      formula: "min(2, 3)",
      because: "a\nb",
      at: { line: 2, formula: { line: 3, column: 27 } },
    });
    expect(claims[1]?.at.line).toBe(5);
  });

  it("must have the columns of one, each once, and rightly spelt", () => {
    expect(faults("")).toMatchInlineSnapshot(`
      [
        "a file of claims must have the columns id, states, stated, unit, decimals, kind, formula, found "" [CLAIM-1] at f.csv:1",
      ]
    `);
    expect(faults("id,states\na,b\n")).toMatchInlineSnapshot(`
      [
        "a file of claims must have the columns stated, unit, decimals, kind, formula, found "id,states" [CLAIM-1] at f.csv:1",
      ]
    `);
    expect(faults(`${HEADER.replace("verdict", "verdct")}\n${GOOD}\n`)).toMatchInlineSnapshot(`
      [
        "a column must be called verdict, found "verdct" [CLAIM-1] at f.csv:1",
      ]
    `);
    expect(faults(`${HEADER},stated\n${GOOD},3\n`)).toMatchInlineSnapshot(`
      [
        "a column must stand once in the header, found "stated" again [CLAIM-1] at f.csv:1",
      ]
    `);
  });

  it("must have a claim: an audit of nothing finds nothing", () => {
    expect(faults(`${HEADER}\n`)).toEqual([
      "a file of claims must have a claim, found none [CLAIM-1] at f.csv:1",
    ]);
  });

  it("must close its quotes, and is told where one was opened", () => {
    expect(faultsOf(GOOD, 'c,one,heading,"He said ""two"".,2,count')).toMatchInlineSnapshot(`
      [
        "a file of claims must be CSV with its quotes closed, found one that is open to the end of the file [CLAIM-1] at f.csv:3:15",
      ]
    `);
    expect(faultsOf(GOOD, 'c,one,hea"ding,Two.')).toMatchInlineSnapshot(`
      [
        "a file of claims must be CSV with its quotes closed, found Invalid Opening Quote: a quote is found on field 2 at line 3, value is "hea" [CLAIM-1] at f.csv:3",
      ]
    `);
    expect(faultsOf(GOOD, 'c,one,"hea"ding,Two.')).toMatchInlineSnapshot(`
      [
        "a file of claims must be CSV with its quotes closed, found Invalid Closing Quote: got "d" at line 3 instead of delimiter, record delimiter, trimable character (if activated) or comment [CLAIM-1] at f.csv:3",
      ]
    `);
  });

  it.each([
    [
      "too few fields",
      "a,one,heading,Two.,2,count,0,input",
      "a claim must have 13 fields, found 8 [CLAIM-1]",
    ],
    ["too many", `${GOOD},more`, "a claim must have 13 fields, found 14 [CLAIM-1]"],
    [
      "an id that is none",
      GOOD.replace("a.b", "A b"),
      'an id must be of the form gpu.hbm.ratio, found "A b" [CLAIM-1]',
    ],
    [
      "a verdict that is none",
      GOOD.replace("consistent", "fine"),
      'verdict must be one of input, consistent, rounded, inconsistent, found "fine" [CLAIM-2]',
    ],
    [
      "a kind that is none",
      GOOD.replace("derived", "guessed"),
      'kind must be input or derived, found "guessed" [CLAIM-2]',
    ],
    [
      "a cause with a sound verdict",
      GOOD.replace("consistent,", "consistent,unit"),
      'a cause must stand with the verdict inconsistent and only there, found "unit" with "consistent" [CLAIM-2]',
    ],
    [
      "a cause without a verdict",
      GOOD.replace("consistent,", ",unit"),
      'a cause must stand with the verdict inconsistent and only there, found "unit" with "" [CLAIM-2]',
    ],
    [
      "a cause that is none",
      GOOD.replace("consistent,", "inconsistent,fate"),
      'cause must be one of wrong-formula, wrong-operand, unit, wrong-count, inherited, label, does-not-fit, exaggeration, arithmetic, found "fate" [CLAIM-2]',
    ],
    [
      "an inconsistent claim without a cause",
      GOOD.replace("consistent", "inconsistent"),
      'a cause must stand with the verdict inconsistent and only there, found "" with "inconsistent" [CLAIM-2]',
    ],
    [
      "a number with a separator",
      GOOD.replace("2,count", '"2,000",count'),
      'stated must be a plain number in count, found "2,000" [CLAIM-3]',
    ],
    [
      "a number with an exponent",
      GOOD.replace("2,count", "2e3,count"),
      'stated must be a plain number in count, found "2e3" [CLAIM-3]',
    ],
    [
      "decimals that are none",
      GOOD.replace("count,0", "count,many"),
      'decimals must be the digits printed after the point, found "many" [CLAIM-3]',
    ],
    [
      "no unit",
      GOOD.replace("2,count", "2,"),
      'a.b must have a unit (x for a multiple, text for words), found "" [CLAIM-6]',
    ],
    [
      "neither a figure nor a route",
      GOOD.replace("2,count", ",count"),
      "a.b must state a figure, or have a route that gives one, found neither [CLAIM-3]",
    ],
    [
      "a derivation from nothing",
      GOOD.replace("1 + 1", ""),
      "a derived claim must have a formula, found none for a.b [CLAIM-4]",
    ],
  ])("is faulty with %s", (_, record, message) => {
    expect(faultsOf(record)).toEqual([`${message} at f.csv:2`]);
  });

  it("is told every fault, not the first", () => {
    expect(
      faultsOf(GOOD.replace("1 + 1", "gpuz() + 2 TiX"), GOOD.replace("consistent", "fine")),
    ).toMatchInlineSnapshot(`
      [
        "a function must be one that the language has (gpus?), found "gpuz", in the formula of a.b [CLAIM-4] at f.csv:2:45",
        "a name must be one that the language has (TiB?), found "TiX", in the formula of a.b [CLAIM-4] at f.csv:2:56",
        "verdict must be one of input, consistent, rounded, inconsistent, found "fine" [CLAIM-2] at f.csv:3",
      ]
    `);
  });

  it("is told the column of a fault, past quotes that stand twice and lines that were broken", () => {
    const formula = (text: string) => GOOD.replace("1 + 1", text);
    // a.b,one,heading,Two GPUs.,2,count,0,derived,   is 44 characters long
    expect(faultsOf(formula("gpuz()"))[0]).toMatch(/f\.csv:2:45$/);
    expect(faultsOf(formula("  gpuz()"))[0]).toMatch(/f\.csv:2:47$/);
    expect(faultsOf(formula('"gpuz()"'))[0]).toMatch(/f\.csv:2:46$/);
    expect(faultsOf(formula('"hbm(""b200"") + gpuz()"'))[0]).toMatch(/f\.csv:2:62$/);
    expect(faultsOf(formula('"min(1,\n gpuz())"'))[0]).toMatch(/f\.csv:3:2$/);
    expect(faultsOf(formula("").replace("Two GPUs.", '"Two\nGPUs."'))[0]).toMatch(/f\.csv:2$/);
    expect(faultsOf(formula("gpuz()").replace("Two GPUs.", '"Two\nGPUs."'))[0]).toMatch(
      /f\.csv:3:26$/,
    );
    const crlf = [HEADER, GOOD, formula('"min(1,\r\n gpuz())"'), ""].join("\r\n");
    expect(faults(crlf)[0]).toMatch(/f\.csv:4:2$/);
    expect(faultsOf(formula("1,hbm()"))[0]).toContain("found 14");
    const route = GOOD.replace(",,consistent", ",gpuz(),consistent");
    expect(faultsOf(route)[0]).toMatch(/in the route of a\.b \[CLAIM-4\] at f\.csv:2:51$/);
  });

  it("is read in good time when it is long", () => {
    const records = Array.from({ length: 5000 }, (_, at) => GOOD.replace("a.b", `a.b${at}`));
    expect(readClaims([HEADER, ...records].join("\n"), "f.csv").claims).toHaveLength(5000);
  });
});
