import { tmpdir } from "node:os";
import { describe, expect, it } from "vitest";
import { type Nanos, SpecViolation } from "#base";
import { exampleFiles, jsonl, type Reading } from "./reading-in-tests.ts";
import type { TraceRequest } from "./request.ts";
import { writeTrace } from "./write-trace.ts";

const { readContent } = exampleFiles(tmpdir());

const written = (reading: Reading): string => {
  if (reading.source === null) throw new Error(reading.faults.join("\n"));
  return [...writeTrace(reading.source, reading.requests)].join("");
};

const SESSION = { input_length: 700, output_length: 30, session_id: "s:1;|" };
const MAX = "18446744073709551615";

const FILES: { readonly [what: string]: readonly [string, Parameters<typeof readContent>[1]] } = {
  "mooncake, with ids that are no numbers of their own": [
    jsonl(
      {
        timestamp: 3,
        input_length: 600,
        output_length: 1,
        hash_ids: [9, "9007199254740993"],
        priority: -2,
      },
      `{"timestamp":4,"input_length":1,"output_length":0,"hash_ids":[${MAX}],"note":${MAX},"deep":{"b":[1,null],"a":"é\\n"}}`,
      { timestamp: 9, input_length: 0, output_length: 0, hash_ids: [] },
    ),
    {},
  ],
  "mooncake, with ids that are": [
    jsonl({ timestamp: 3, input_length: 600, output_length: 1, hash_ids: [0, 1] }),
    {},
  ],
  "mooncake sessions, whole, with ids of their own": [
    jsonl(
      { timestamp: 0, hash_ids: [1, 2], ...SESSION },
      { timestamp: 1, hash_ids: [1, 2], ...SESSION, session_id: 7 },
      { delay: 2.5, hash_ids: [1, 2], ...SESSION },
    ),
    { sessionRows: "whole", idScope: "session" },
  ],
  "mooncake sessions, joined": [
    jsonl(
      { timestamp: 0, hash_ids: [1, 2], ...SESSION },
      { delay: 2, hash_ids: [1, 3], ...SESSION },
    ),
    { sessionRows: "delta" },
  ],
  "azure 2025": [
    "TIMESTAMP,NumImages,ContextTokens,GeneratedTokens\n2024-10-15T00:00:00.123Z,2,30,4\n2024-10-15T00:00:01Z,0,3,4\n",
    {},
  ],
  "azure 2023, through a window": [
    "TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:17:03.98,4808,10\n2023-11-16 18:17:04.03,5,6\n",
    { fromNs: 10 },
  ],
  burstgpt: [
    "Timestamp,Session ID,Elapsed time,Model,Request tokens,Response tokens,Total tokens,Log Type\n1,3,2.5,GPT-4,10,0,10,Conversation log\n2,,.5,ChatGPT,5,1,6,\n",
    {},
  ],
  "qwen-bailian": [
    jsonl(
      {
        chat_id: 1,
        parent_chat_id: -1,
        timestamp: 0.5,
        input_length: 20,
        output_length: 1,
        turn: 1,
        type: "text",
        hash_ids: [5, 5],
      },
      {
        chat_id: 2,
        parent_chat_id: 1,
        timestamp: 0.6,
        input_length: 40,
        output_length: 1,
        turn: 2,
        type: "text",
        hash_ids: [5, 5, 5],
      },
    ),
    {},
  ],
  "dynamo-request": [
    jsonl(
      ...[20, 10].map((request_received_ms) => ({
        schema: "dynamo.request.trace.v1",
        event_type: "request_end",
        event_time_unix_ms: 30,
        request: {
          request_id: "r",
          request_received_ms,
          output_tokens: 1,
          replay: {
            trace_block_size: 64,
            input_length: 64,
            input_sequence_hashes: [String(request_received_ms)],
          },
        },
      })),
    ),
    {},
  ],
};

describe("a written trace", () => {
  it.each(Object.keys(FILES))(
    "of %s is the same when it is read back, and when it is written again",
    async (what) => {
      const [content, options] = FILES[what] ?? ["", {}];
      const first = await readContent(content, options);
      const text = written(first);
      // Requests of a trace that was read out of order are out of order still.
      const again = await readContent(text, {
        reorder: (first.source?.counts.outOfOrder ?? 0) > 0,
      });
      expect(again.faults).toEqual([]);
      expect(again.requests).toEqual(first.requests);
      for (const part of ["conventions", "origin", "models", "sessions", "blockIds"] as const) {
        expect(again.source?.[part]).toEqual(first.source?.[part]);
      }
      expect(again.source?.format).toBe("rackproof");
      expect(written(again)).toBe(text);
    },
  );

  it("leaves out what says nothing", async () => {
    const [content, options] = FILES["mooncake sessions, whole, with ids of their own"] ?? ["", {}];
    expect(written(await readContent(content, options))).toMatchInlineSnapshot(`
      "{"block_ids":"named","conventions":{"blockTokens":512,"idScope":"session","ids":"chained","lastBlock":"partial","sessionRows":"whole","zeroOutput":"plain"},"origin":"0","schema":"rackproof.trace.v1"}
      {"arrival_ns":0,"input_tokens":700,"output_tokens":30,"blocks":[0,1],"ids":[1,2],"session":"s:1;|"}
      {"arrival_ns":1000000,"input_tokens":700,"output_tokens":30,"blocks":[2,3],"ids":[1,2],"session":"7"}
      {"arrival_ns":2500000,"input_tokens":700,"output_tokens":30,"blocks":[0,1],"session":"s:1;|","turn":1,"delay_ns":2500000}
      "
    `);
  });

  it("of an existing trace may be any part of it, from the middle too", async () => {
    const first = await readContent(
      FILES["mooncake, with ids that are no numbers of their own"]?.[0] ?? "",
    );
    if (first.source === null) throw new Error("unreadable");
    const again = await readContent(
      [...writeTrace(first.source, first.requests.slice(1))].join(""),
    );
    expect(again.requests.map(({ arrivalNs, blocks }) => [arrivalNs, [...blocks]])).toEqual([
      [1_000_000, [0]],
      [6_000_000, []],
    ]);
    expect([...(again.source?.blockIds ?? [])]).toEqual([2n ** 64n - 1n]);
  });

  it("cannot name a block, a session or a model that its source does not have", () => {
    const source = {
      conventions: {
        blockTokens: 1,
        ids: "chained",
        idScope: "file",
        lastBlock: "partial",
        sessionRows: "none",
        zeroOutput: "plain",
      },
      origin: "",
      models: [],
      sessions: [],
      blockIds: BigUint64Array.of(5n),
    } as const;
    const request: TraceRequest = {
      arrivalNs: 0 as Nanos,
      inputTokens: 1,
      outputTokens: 1,
      blocks: new Uint32Array(0),
      session: -1,
      turn: 0,
      delayNs: -1,
      priority: 0,
      model: -1,
      failed: false,
      extra: "",
    };
    for (const wrong of [{ blocks: Uint32Array.of(1) }, { session: 0 }, { model: 0 }]) {
      expect(() => [...writeTrace(source, [{ ...request, ...wrong }])]).toThrow(SpecViolation);
    }
  });
});

describe("a file of the project's own format", () => {
  const header = {
    schema: "rackproof.trace.v1",
    origin: "o",
    block_ids: "named",
    conventions: {
      blockTokens: 4,
      ids: "chained",
      idScope: "file",
      lastBlock: "partial",
      sessionRows: "none",
      zeroOutput: "plain",
    },
  };
  const line = { arrival_ns: 5, input_tokens: 4, output_tokens: 1, blocks: [7], ids: ["8"] };

  it("keeps its arrivals, which need not begin at 0", async () => {
    const { requests, source } = await readContent(jsonl(header, line));
    expect(requests[0]).toMatchObject({ arrivalNs: 5, blocks: Uint32Array.of(0) });
    expect(source?.origin).toBe("o");
    expect(source?.counts).toMatchObject({ requests: 1, otherLines: 1 });
  });

  it("must begin with a sound header", async () => {
    expect((await readContent(jsonl(line, header), { format: "rackproof" })).faults).toEqual([
      "a file of this format must begin with its header, found none that is sound [TRACE-4] at t",
      "the first line must have the schema rackproof.trace.v1, found nothing [TRACE-4] at t:1",
    ]);
    const { faults } = await readContent(
      jsonl({ ...header, block_ids: 1, conventions: { blockTokens: 0 } }, line),
    );
    expect(faults.map((fault) => fault.slice(0, fault.indexOf(" must")))).toEqual([
      "a file of this format",
      "conventions.blockTokens",
      "conventions.ids",
      "conventions.idScope",
      "conventions.lastBlock",
      "conventions.sessionRows",
      "conventions.zeroOutput",
      "block_ids",
    ]);
  });

  it.each([
    [
      { arrival_ns: 1.5 },
      "arrival_ns must be whole nanoseconds in 0 … 2^53 − 1, found 1.5 [TRACE-2]",
    ],
    [{ ids: [] }, "ids must name the row's 1 new blocks, found 0 ids [TRACE-9]"],
    [{ ids: undefined }, "ids must be given, found nothing [TRACE-4]"],
    [{ failed: 1 }, "failed must be true or false, found 1 [TRACE-21]"],
    [{ extra: "x" }, 'extra must be an object, found "x" [TRACE-21]'],
    [{ turn: -1 }, "turn must be a whole number of 0 or more, found -1 [TRACE-1]"],
    [
      { delay_ns: 2 ** 53 },
      "delay_ns must be whole nanoseconds in 0 … 2^53 − 1, found 9007199254740992 [TRACE-2]",
    ],
  ])("with %j in a row is refused", async (fields, fault) => {
    const { faults } = await readContent(jsonl(header, { ...line, ...fields }));
    expect(faults[0]).toBe(`${fault} at t:2`);
  });

  it("may be read through a window without losing the ids of blocks named before it", async () => {
    const later = { arrival_ns: 9, input_tokens: 4, output_tokens: 1, blocks: [7] };
    const { source } = await readContent(jsonl(header, line, later), { fromNs: 6 });
    expect([...(source?.blockIds ?? [])]).toEqual([8n]);
    expect(source?.origin).toBe("o + 6 ns");
  });
});
