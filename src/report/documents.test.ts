// Past 250 lines: every document of the room, printed from the same small records.
import { describe, expect, it } from "vitest";
import { nanos } from "#base";
import type { TraceSource } from "#trace";
import type { Proof } from "#verify";
import { fileName, indexPage } from "./document.ts";
import { measures, measureTable } from "./measures.ts";
import { propertyReport } from "./property-report.ts";
import { textTable } from "./text-table.ts";
import { traceReport } from "./trace-report.ts";

const textOf = (files: readonly { path: string; text: string }[], path: string): string =>
  files.find((file) => file.path === path)?.text ?? `no ${path}`;

const proof: Proof = {
  id: "DIR-2",
  part: "directory",
  statement: "a worker is listed for a block exactly when its last event there was `stored`",
  seed: 1,
  casesAsked: 1300,
  casesDone: 1300,
  small: { done: 1000, complete: true },
  witnesses: [
    { name: "an eviction", count: 40, minimum: 13 },
    { name: "a block that two hold", count: 2, minimum: 13 },
  ],
  mutants: [
    { name: "forgets evictions", caught: true, cases: 7, ms: 12.5 },
    { name: "keeps the first | holder", caught: true, cases: 9, ms: 0.1 },
  ],
  verdict: "unproven",
};

const broken: Proof = {
  ...proof,
  id: "DIR-3",
  small: { done: 0, complete: true },
  verdict: "broken",
  counterexample: {
    origin: "drawn",
    case: [{ kind: "store", worker: 1 }],
    finding: { at: 0, expected: [1], found: [] },
  },
};

describe("propertyReport", () => {
  const files = propertyReport([proof, broken]);

  it("has the numbers apart in CSV", () => {
    expect(textOf(files, "properties.csv").split("\r\n").slice(0, 2)).toMatchInlineSnapshot(`
      [
        "id,part,statement,cases_done,cases_asked,small_done,small_complete,witnesses_met,witnesses,mutants_caught,mutants,verdict",
        "DIR-2,directory,a worker is listed for a block exactly when its last event there was \`stored\`,1300,1300,1000,true,1,2,2,2,unproven",
      ]
    `);
  });

  it("reads as a page", () => {
    expect(textOf(files, "properties.md")).toMatchInlineSnapshot(`
      "# Properties

      What must hold whatever the traffic, and how hard it was tried.

      ## Verdicts

      \`holds\` only when every case passed, every situation came up often enough and every broken implementation was caught; \`unproven\` when only the first is so.

      | Id    | Part      | Statement                                                                       |          Cases | Small scope | Witnesses met | Mutants caught | Verdict  |
      | :---- | :-------- | :------------------------------------------------------------------------------ | -------------: | ----------: | ------------: | -------------: | :------- |
      | DIR-2 | directory | a worker is listed for a block exactly when its last event there was \\\`stored\\\` | 1,300 of 1,300 |  1,000, all |        1 of 2 |         2 of 2 | unproven |
      | DIR-3 | directory | a worker is listed for a block exactly when its last event there was \\\`stored\\\` | 1,300 of 1,300 |        none |        1 of 2 |         2 of 2 | broken   |

      ## Witnesses

      Situations that must come up, or a check has shown nothing.

      | Id    | Situation             | Came up | At least |
      | :---- | :-------------------- | ------: | -------: |
      | DIR-2 | an eviction           |      40 |       13 |
      | DIR-2 | a block that two hold |       2 |       13 |
      | DIR-3 | an eviction           |      40 |       13 |
      | DIR-3 | a block that two hold |       2 |       13 |

      ## Mutants

      Broken implementations, and the case that caught them.

      | Id    | Broken implementation     | Caught | After cases |
      | :---- | :------------------------ | :----- | ----------: |
      | DIR-2 | forgets evictions         | yes    |           7 |
      | DIR-2 | keeps the first \\| holder | yes    |           9 |
      | DIR-3 | forgets evictions         | yes    |           7 |
      | DIR-3 | keeps the first \\| holder | yes    |           9 |

      ## Counterexamples

      Of the broken properties, as short as they could be made.

      | Id    | Shortest case                     | At call | Expected | Found |
      | :---- | :-------------------------------- | ------: | :------- | :---- |
      | DIR-3 | \\[\\{"kind":"store","worker":1\\}\\] |       0 | \\[1\\]    | \\[\\]  |
      "
    `);
  });

  it("has the same bytes however long the mutants took", () => {
    const slower = {
      ...proof,
      mutants: proof.mutants.map((mutant) => ({ ...mutant, ms: mutant.ms * 2 })),
    };
    expect(propertyReport([slower, broken])).toEqual(files);
  });

  it("says that nothing was tried", () => {
    expect(textOf(propertyReport([]), "properties.md")).toContain("No property was tried.");
  });
});

const source: TraceSource = {
  file: "t.jsonl",
  sha256: "ab".repeat(32),
  sizeBytes: 3_029_533,
  compressed: false,
  format: "mooncake",
  because: "its first row has timestamp, input_length, output_length and hash_ids",
  conventions: {
    blockTokens: 512,
    ids: "chained",
    idScope: "file",
    lastBlock: "partial",
    sessionRows: "none",
    zeroOutput: "plain",
  },
  origin: "0",
  models: [],
  sessions: [],
  blockIds: new BigUint64Array(0),
  importerVersion: 1,
};

const tokens = { mean: 2.5, p50: 2, p90: 4, p99: 4, max: 4, total: 10 };

describe("traceReport", () => {
  const files = traceReport(
    "conversation",
    {
      rows: 4,
      span_ns: nanos(3_000_000_000),
      input_tokens: tokens,
      output_tokens: tokens,
      block_refs: 4,
      distinct_blocks: 3,
      ideal_prefix_hit: 0.25,
      lru_hit: [
        { blocks: 1000, hit: 0.25 },
        { blocks: 5000, hit: 0.25 },
      ],
      anomalies: { zero_lengths: 0, out_of_order: 0, block_count_mismatch: 0, two_parents: null },
      distinct_timestamps: 4,
      failed: 0,
      sessions: 0,
    },
    source,
  );

  it("names its files after the trace", () => {
    expect(files.map(({ path }) => path)).toEqual([
      "traces/conversation.csv",
      "traces/conversation.md",
    ]);
  });

  it("reads as a page", () => {
    expect(textOf(files, "traces/conversation.md")).toMatchInlineSnapshot(`
      "# Trace conversation

      What the requests of this trace are like, and where they came from.

      ## Figures

      Percentiles are nearest-rank. A hit is a block reference that a cache of so many blocks would have answered.

      | Measure                        | Value |
      | :----------------------------- | ----: |
      | rows                           |     4 |
      | span_ns                        | 3.0 s |
      | input_tokens.mean              | 2.500 |
      | input_tokens.p50               |     2 |
      | input_tokens.p90               |     4 |
      | input_tokens.p99               |     4 |
      | input_tokens.max               |     4 |
      | input_tokens.total             |    10 |
      | output_tokens.mean             | 2.500 |
      | output_tokens.p50              |     2 |
      | output_tokens.p90              |     4 |
      | output_tokens.p99              |     4 |
      | output_tokens.max              |     4 |
      | output_tokens.total            |    10 |
      | block_refs                     |     4 |
      | distinct_blocks                |     3 |
      | ideal_prefix_hit               | 0.250 |
      | lru_hit.1000.hit               | 0.250 |
      | lru_hit.5000.hit               | 0.250 |
      | anomalies.zero_lengths         |     0 |
      | anomalies.out_of_order         |     0 |
      | anomalies.block_count_mismatch |     0 |
      | anomalies.two_parents          |     – |
      | distinct_timestamps            |     4 |
      | failed                         |     0 |
      | sessions                       |     0 |

      ## Origin

      How it was read: the same file read so again gives the same requests.

      | What                 | Value                                                                 |
      | :------------------- | :-------------------------------------------------------------------- |
      | file                 | t.jsonl                                                               |
      | sha256               | abababababababababababababababababababababababababababababababab      |
      | size                 | 3.0 MB                                                                |
      | format               | mooncake                                                              |
      | taken for it because | its first row has timestamp, input_length, output_length and hash_ids |
      | blocks               | 512 tokens, ids chained within the file, last block partial           |
      | session rows         | none                                                                  |
      | 0 output tokens      | plain                                                                 |
      | first arrival        | 0                                                                     |
      | models               | none                                                                  |
      "
    `);
  });
});

describe("measures", () => {
  it("names a leaf by its path, and an item of a list by its first key", () => {
    expect(
      measures({ a: 1, b: { c: null, d: [{ blocks: 1000, hit: 0.5 }] }, e: [true, "x"] }),
    ).toEqual([
      { measure: "a", value: 1 },
      { measure: "b.c", value: null },
      { measure: "b.d.1000.hit", value: 0.5 },
      { measure: "e.0", value: true },
      { measure: "e.1", value: "x" },
    ]);
  });

  it("names items by their place where their first keys do not tell them apart", () => {
    const deploy = [
      { model: "m", role: "prefill" },
      { model: "m", role: "decode" },
    ];
    expect(measures({ deploy }).map(({ measure }) => measure)).toEqual([
      "deploy.0.model",
      "deploy.0.role",
      "deploy.1.model",
      "deploy.1.role",
    ]);
  });

  it("says that nothing was measured", () => {
    expect(textTable(measureTable({}))).toBe("Nothing was measured.\n");
  });
});

describe("fileName", () => {
  it("leaves a plain name alone", () => {
    expect(fileName("mooncake-conversation.v2_1")).toBe("mooncake-conversation.v2_1");
  });

  it("never leaves the folder of reports", () => {
    for (const name of [
      "../../etc/passwd",
      "/root",
      "a\\b",
      "..",
      ".hidden",
      "",
      "x".repeat(300),
    ]) {
      expect(fileName(name)).toMatch(/^[A-Za-z0-9_-][A-Za-z0-9._-]*$/);
    }
  });

  it("gives different names different files", () => {
    expect(fileName("a/b")).not.toBe(fileName("a:b"));
  });
});

describe("indexPage", () => {
  it("links every file, in order of path", () => {
    expect(
      indexPage([
        { path: "traces/b_x.md", text: "" },
        { path: "properties.md", text: "" },
      ]).text,
    ).toMatchInlineSnapshot(`
      "# Reports

      Printed by \`rackproof report\`; the same input gives the same bytes. CSV holds bare numbers, Markdown the same for people.

      - [properties.md](properties.md)
      - [traces/b_x.md](traces/b_x.md)
      "
    `);
  });
});
