import { tmpdir } from "node:os";
import { describe, expect, it } from "vitest";
import { blocksOf, exampleFiles, jsonl } from "../reading-in-tests.ts";

const { readContent } = exampleFiles(tmpdir());

const AZURE = "TIMESTAMP,ContextTokens,GeneratedTokens";
const BURST = "Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type";

describe("mooncake", () => {
  it("is read in its old rows: milliseconds, ids numbered in order of first appearance", async () => {
    const reading = await readContent(
      jsonl(
        { timestamp: 1000, input_length: 1100, output_length: 5, hash_ids: [7, 8, 9] },
        { timestamp: 1000.5, input_length: 600, output_length: 0, hash_ids: [7, 4] },
      ),
    );
    expect(reading.requests).toEqual([
      {
        arrivalNs: 0,
        inputTokens: 1100,
        outputTokens: 5,
        blocks: Uint32Array.of(0, 1, 2),
        session: -1,
        turn: 0,
        delayNs: -1,
        priority: 0,
        model: -1,
        failed: false,
        extra: "",
      },
      {
        arrivalNs: 500_000,
        inputTokens: 600,
        outputTokens: 0,
        blocks: Uint32Array.of(0, 3),
        session: -1,
        turn: 0,
        delayNs: -1,
        priority: 0,
        model: -1,
        failed: false,
        extra: "",
      },
    ]);
    expect(reading.source).toMatchObject({
      file: "t",
      compressed: false,
      format: "mooncake",
      because: "the rows have hash_ids and input_length, and no chat_id",
      origin: "1000",
      conventions: {
        blockTokens: 512,
        ids: "chained",
        idScope: "file",
        lastBlock: "partial",
        sessionRows: "none",
        zeroOutput: "plain",
      },
      counts: { requests: 2, rejectedRows: 0, outsideWindow: 0, otherLines: 0, outOfOrder: 0 },
    });
    expect([...(reading.source?.blockIds ?? [])]).toEqual([7n, 8n, 9n, 4n]);
  });

  const session = jsonl(
    {
      created_time: 0,
      input_tokens: 1024,
      output_tokens: 100,
      hash_ids: ["1", "2"],
      session_id: "s",
      priority: 2,
    },
    {
      delay_ms: 50,
      input_tokens: 1536,
      output_tokens: 1,
      hash_ids: [1, 2, 3],
      session_id: "s",
      request_id: "r",
    },
    {
      timestamp: 9,
      input_length: 1,
      output_length: 1,
      hash_ids: [9],
      strict_priority: 1,
      delay: 3,
    },
    { timestamp: 80, input_length: 1, output_length: 1, hash_ids: [9], session_id: 17 },
  );

  it("is read in its new rows, by either of a field's names, the rest kept as extras", async () => {
    const { requests, source } = await readContent(session, { sessionRows: "whole" });
    expect(
      requests.map(({ session, turn, delayNs, priority }) => [session, turn, delayNs, priority]),
    ).toEqual([
      [0, 0, -1, 2],
      [0, 1, 50_000_000, 0],
      [-1, 0, -1, 0],
      [1, 0, -1, 0],
    ]);
    // The second turn has no time of its own: it arrives its delay after the first at the earliest.
    expect(requests.map(({ arrivalNs }) => arrivalNs)).toEqual([
      0, 50_000_000, 9_000_000, 80_000_000,
    ]);
    expect(requests.map(({ extra }) => extra)).toEqual([
      "",
      '{"request_id":"r"}',
      '{"delay":3,"strict_priority":1}',
      "",
    ]);
    expect(requests.map(({ inputTokens }) => inputTokens)).toEqual([1024, 1536, 1, 1]);
    expect(source?.sessions).toEqual(["s", "17"]);
    expect(source?.conventions.sessionRows).toBe("whole");
    expect(source?.counts.outOfOrder).toBe(1);
  });

  it("must be told whether a session's later rows are whole", async () => {
    const { faults } = await readContent(session);
    expect(faults).toEqual([
      "sessionRows must say whether a session's later row is whole or a delta, found a session and nothing said [TRACE-16] at t:1",
    ]);
  });

  it("joins delta rows: prompt, answer and new turn in one stream, cut into blocks again", async () => {
    const reading = await readContent(
      jsonl(
        { timestamp: 0, input_length: 4, output_length: 2, hash_ids: [1], session_id: "a" },
        { delay: 5, input_length: 2, output_length: 1, hash_ids: [2], session_id: "a" },
        { timestamp: 6, input_length: 4, output_length: 2, hash_ids: [1], session_id: "b" },
        { delay: 5, input_length: 2, output_length: 1, hash_ids: [2], session_id: "b" },
        { timestamp: 20, input_length: 4, output_length: 2, hash_ids: [1] },
      ),
      { sessionRows: "delta", blockTokens: 4 },
    );
    expect(reading.requests.map(({ inputTokens }) => inputTokens)).toEqual([4, 8, 4, 8, 4]);
    expect(blocksOf(reading)).toEqual([[0], [0, 1], [0], [0, 2], [0]]);
    expect([...(reading.source?.blockIds ?? [])]).toEqual([1n, 2n ** 64n - 1n, 2n ** 64n - 1n]);
    expect(reading.source?.conventions).toMatchObject({ sessionRows: "delta", blockTokens: 4 });
  });

  it("refuses a delta row whose ids do not cover its tokens", async () => {
    const { faults } = await readContent(
      jsonl({
        timestamp: 0,
        input_length: 1200,
        output_length: 2,
        hash_ids: [1, 2],
        session_id: "a",
      }),
      { sessionRows: "delta" },
    );
    expect(faults).toEqual([
      "a row must name a block for each 512 of its 1200 tokens, found 2 [TRACE-17] at t:1",
    ]);
  });

  it("keeps ids of 64 bits, as numbers or as text", async () => {
    const { source } = await readContent(
      jsonl(
        '{"timestamp":0,"input_length":1,"output_length":1,"hash_ids":[18446744073709551615,9007199254740993,"14879255164371896291"]}',
      ),
    );
    expect([...(source?.blockIds ?? [])]).toEqual([
      18446744073709551615n,
      9007199254740993n,
      14879255164371896291n,
    ]);
  });

  it("keeps ids of each session to itself, where they are said to be its own", async () => {
    const rows = ["a", "b", "a"].map((session_id, timestamp) => ({
      timestamp,
      input_length: 1,
      output_length: 1,
      hash_ids: [5],
      session_id,
    }));
    const options = { sessionRows: "whole", idScope: "session" } as const;
    expect(blocksOf(await readContent(jsonl(...rows), options))).toEqual([[0], [1], [0]]);
    expect(blocksOf(await readContent(jsonl(...rows), { sessionRows: "whole" }))).toEqual([
      [0],
      [0],
      [0],
    ]);
  });
});

describe("azure", () => {
  it("2023 is read to the tenth of a microsecond, with CRLF and without a last line end", async () => {
    const { requests, source } = await readContent(
      `${AZURE}\r\n2023-11-16 18:17:03.9799600,4808,10\r\n2023-11-16 18:17:04.0319601,3180,8`,
    );
    expect(
      requests.map(({ arrivalNs, inputTokens, outputTokens }) => [
        arrivalNs,
        inputTokens,
        outputTokens,
      ]),
    ).toEqual([
      [0, 4808, 10],
      [52_000_100, 3180, 8],
    ]);
    expect(source?.format).toBe("azure-2023");
    expect(source?.origin).toBe("2023-11-16 18:17:03.9799600");
    expect(source?.because).toBe(
      "the header has TIMESTAMP, ContextTokens and GeneratedTokens, and the times have no zone",
    );
    expect(source?.conventions).toMatchObject({
      ids: "none",
      blockTokens: null,
      lastBlock: "none",
    });
  });

  it("2024 is told by its zone, and mixes times with a fraction and without", async () => {
    const { requests, source } = await readContent(
      `${AZURE}\n2024-05-12 00:00:00.001163+00:00,1,2\n2024-05-12 00:00:01+00:00,3,4\n`,
    );
    expect(source?.format).toBe("azure-2024");
    expect(requests.map(({ arrivalNs }) => arrivalNs)).toEqual([0, 998_837_000]);
  });

  it("2025 is told by NumImages, which is kept", async () => {
    const { requests, source } = await readContent(
      "TIMESTAMP,NumImages,ContextTokens,GeneratedTokens\n2024-10-15T00:00:00.123Z,2,30,4\n",
    );
    expect(source?.format).toBe("azure-2025");
    expect(requests[0]).toMatchObject({
      inputTokens: 30,
      outputTokens: 4,
      extra: '{"NumImages":2}',
    });
  });

  it("is read by the names in its header, in any order, with a mark, quotes and blank lines", async () => {
    const { requests } = await readContent(
      '﻿"GeneratedTokens",TIMESTAMP,ContextTokens,Note\n\n"7","2023-11-16 18:17:03",5,"a, ""b"""\n8,2023-11-16 18:17:04,6,\n\n',
    );
    expect(
      requests.map(({ inputTokens, outputTokens, extra }) => [inputTokens, outputTokens, extra]),
    ).toEqual([
      [5, 7, '{"Note":"a, \\"b\\""}'],
      [6, 8, ""],
    ]);
  });

  it("leaves no option open", async () => {
    const { faults } = await readContent(`${AZURE}\n2023-11-16 18:17:03,1,1\n`, {
      blockTokens: 16,
      sessionRows: "delta",
    });
    expect(faults).toEqual([
      "blockTokens must be left out, because azure-2023 settles it, found 16 [TRACE-19]",
      'sessionRows must be left out, because azure-2023 settles it, found "delta" [TRACE-19]',
    ]);
  });

  it("loses one row to a stray quote, not the rows beside it, also where lines end on CRLF", async () => {
    const { requests, rejects } = await readContent(
      `${AZURE}\r\n2023-11-16 18:17:03,1,2\r\n2""023-11-16 18:17:03,1,2\r\n2023-11-16 18:17:04,3,4\r\n`,
      { skipBadRows: true },
    );
    expect(requests.map(({ outputTokens }) => outputTokens)).toEqual([2, 4]);
    expect(rejects).toHaveLength(1);
    expect(rejects[0]).toContain("[TRACE-6] at t:3");
  });
});

describe("burstgpt", () => {
  it("is read in its first header: seconds, models, and 0 response tokens for a failed request", async () => {
    const { requests, source } = await readContent(
      `${BURST}\n5,ChatGPT,472,18,490,Conversation log\n45.5,GPT-4,10,0,10,API log\n46,ChatGPT,1,1,2,API log\n`,
    );
    expect(requests.map(({ arrivalNs, model, failed }) => [arrivalNs, model, failed])).toEqual([
      [0, 0, false],
      [40_500_000_000, 1, true],
      [41_000_000_000, 0, false],
    ]);
    expect(requests[0]?.extra).toBe('{"Log Type":"Conversation log"}');
    expect(source?.models).toEqual(["ChatGPT", "GPT-4"]);
    expect(source?.conventions).toMatchObject({ zeroOutput: "failed", sessionRows: "none" });
  });

  const LATER =
    "Timestamp,Session ID,Elapsed time,Model,Request tokens,Response tokens,Total tokens,Log Type";
  const rows = `${LATER}\n1,31,2.5,GPT-4,10,3,13,Conversation log\n2,,0.5,GPT-4,5,1,6,API log\n9,31,1,GPT-4,4,2,6,Conversation log\n`;

  it("is read in its later header, with sessions", async () => {
    const { requests, source } = await readContent(rows);
    expect(requests.map(({ session, turn, inputTokens }) => [session, turn, inputTokens])).toEqual([
      [0, 0, 10],
      [-1, 0, 5],
      [0, 1, 4],
    ]);
    expect(requests[0]?.extra).toBe('{"Elapsed time":2.5,"Log Type":"Conversation log"}');
    expect(source?.because).toContain("Session ID of the later header");
    expect(source?.conventions.sessionRows).toBe("whole");
  });

  it("adds up a session's lengths where its rows are said to be deltas", async () => {
    const { requests } = await readContent(rows, { sessionRows: "delta" });
    expect(requests.map(({ inputTokens }) => inputTokens)).toEqual([10, 5, 17]);
  });

  it("refuses a total that is not the sum", async () => {
    const { faults } = await readContent(`${BURST}\n5,ChatGPT,472,18,491,API log\n`);
    expect(faults).toEqual([
      "Total tokens must be Request + Response = 472 + 18, found 491 [TRACE-17] at t:2",
    ]);
  });
});

describe("qwen-bailian", () => {
  it("chains its ids, and follows chats to their root", async () => {
    const chat = (
      chat_id: number,
      parent_chat_id: number,
      timestamp: number,
      hash_ids: number[],
    ) => ({
      chat_id,
      parent_chat_id,
      timestamp,
      input_length: 16 * hash_ids.length,
      output_length: 4,
      type: "text",
      turn: 1,
      hash_ids,
    });
    const reading = await readContent(
      jsonl(
        chat(159, -1, 61.114, [1, 2]),
        chat(160, 159, 61.2, [1, 2, 2]),
        chat(161, 99, 62, [2]),
        chat(162, 160, 63, [1, 2, 2, 3]),
        chat(163, 99, 64, [2]),
      ),
    );
    expect(reading.source).toMatchObject({
      format: "qwen-bailian",
      origin: "61.114",
      sessions: ["159", "99"],
    });
    expect(reading.source?.conventions).toMatchObject({
      ids: "unchained",
      blockTokens: 16,
      lastBlock: "padded",
    });
    expect(blocksOf(reading)).toEqual([[0, 1], [0, 1, 2], [3], [0, 1, 2, 4], [3]]);
    expect(
      reading.requests.map(({ arrivalNs, session, turn }) => [arrivalNs, session, turn]),
    ).toEqual([
      [0, 0, 0],
      [86_000_000, 0, 1],
      [886_000_000, 1, 0],
      [1_886_000_000, 0, 2],
      [2_886_000_000, 1, 1],
    ]);
    expect(reading.requests[1]?.extra).toBe(
      '{"chat_id":160,"parent_chat_id":159,"turn":1,"type":"text"}',
    );
  });
});

describe("dynamo-request", () => {
  const end = (request_id: string, received: number, hashes: string, context = "") =>
    `{"schema":"dynamo.request.trace.v1","event_type":"request_end","event_time_unix_ms":${received + 10}${context},` +
    `"request":{"request_id":"${request_id}","request_received_ms":${received},"output_tokens":16,"model":"m",` +
    `"replay":{"trace_block_size":64,"input_length":128,"input_sequence_hashes":[${hashes}]}}}`;

  const file = jsonl(
    end(
      "r1",
      1_777_312_800_020,
      "14879255164371896291,274632075616497421",
      ',"agent_context":{"session_id":"s"}',
    ),
    { schema: "dynamo.request.trace.v1", event_type: "tool_end", event_time_unix_ms: 5, tool: {} },
    `{"timestamp":3,"event":${end("r0", 1_777_312_800_000, "14879255164371896291,14879255164371896292")}}`,
  );

  it("keeps 64-bit hashes, takes rows in the order of their ends, and passes by other events", async () => {
    const reading = await readContent(file);
    expect(reading.requests.map(({ arrivalNs }) => arrivalNs)).toEqual([20_000_000, 0]);
    expect(blocksOf(reading)).toEqual([
      [0, 1],
      [0, 2],
    ]);
    expect([...(reading.source?.blockIds ?? [])]).toEqual([
      14879255164371896291n,
      274632075616497421n,
      14879255164371896292n,
    ]);
    expect(reading.requests[0]).toMatchObject({
      session: 0,
      model: 0,
      inputTokens: 128,
      outputTokens: 16,
    });
    expect(reading.requests[1]?.extra).toBe(
      '{"event_time_unix_ms":1777312800010,"request":{"request_id":"r0"}}',
    );
    expect(reading.source).toMatchObject({
      origin: "1777312800000",
      models: ["m"],
      conventions: { blockTokens: 64, ids: "chained", sessionRows: "whole" },
      counts: { requests: 2, otherLines: 1, outOfOrder: 1 },
    });
  });

  it("refuses a second block size", async () => {
    const { faults } = await readContent(
      file + jsonl(end("r2", 1_777_312_800_030, "1").replace(":64", ":32")),
    );
    expect(faults).toEqual(["trace_block_size must be 64 as before, found 32 [TRACE-20] at t:4"]);
  });

  it("takes no block size from a row that is faulty", async () => {
    const { source, rejects } = await readContent(
      jsonl(end("r0", 1_777_312_800_000, "1", ',"more":1e400').replace(":64", ":32")) + file,
      { skipBadRows: true },
    );
    expect(rejects).toHaveLength(1);
    expect(source?.conventions.blockTokens).toBe(64);
  });

  it("names what a record lacks", async () => {
    const { faults } = await readContent(
      jsonl(
        { schema: "dynamo.request.trace.v1", event_type: "request_end", request: { replay: {} } },
        { schema: "dynamo.request.trace.v1", event_type: "request_end" },
        { schema: "dynamo.request.trace.v2", event_type: "request_end" },
      ),
    );
    expect(faults).toEqual([
      "request_received_ms must be given, found nothing [TRACE-4] at t:1",
      "output_tokens must be given, found nothing [TRACE-4] at t:1",
      "input_length must be given, found nothing [TRACE-4] at t:1",
      "input_sequence_hashes must be given, found nothing [TRACE-4] at t:1",
      "trace_block_size must be given, found nothing [TRACE-4] at t:1",
      "request must be given, found nothing [TRACE-4] at t:2",
      'schema and event_type must be dynamo.request.trace.v1 and request_end, found "dynamo.request.trace.v2" and "request_end" [TRACE-4] at t:3',
    ]);
  });
});
