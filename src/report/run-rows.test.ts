import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import type { RunRequestRow, RunSpanRow } from "#store";
import { runRequestsCsv, runSeriesCsv, runSpansCsv } from "./run-rows.ts";

const REQUEST: RunRequestRow = {
  request: 0,
  outcome: "failed",
  reason: "=no room, none",
  deployment: -1,
  worker: -1,
  decodeWorker: -1,
  arrivalNs: 5,
  enqueueNs: -1,
  startNs: -1,
  firstTokenNs: -1,
  transferNs: -1,
  transferredNs: -1,
  endNs: 2 ** 53 - 1,
  inputTokens: 100,
  outputTokens: 0,
  blocks: 2,
  localBlocks: 0,
  switchBlocks: 0,
  fetchedBlocks: 0,
  fetchedFrom: 0,
  computedTokens: 0,
  preemptions: 0,
  restarts: 1,
};

describe("the rows of a run as CSV", () => {
  it("have a unit in every header that needs one, and an empty field for what never was", () => {
    expect([...runRequestsCsv([REQUEST])].join("").split("\r\n")).toEqual([
      "request,outcome,reason,deployment,worker,decode_worker,arrival_ns,enqueue_ns,start_ns,first_token_ns,transfer_ns,transferred_ns,end_ns,input_tokens,output_tokens,blocks,local_blocks,switch_blocks,fetched_blocks,fetched_from,computed_tokens,preemptions,restarts",
      `0,failed,"'=no room, none",,,,5,,,,,,9007199254740991,100,0,2,0,0,0,0,0,0,1`,
      "",
    ]);
    const span = {
      kind: "weights",
      worker: 8,
      startNs: 1,
      endNs: 2,
      request: -1,
      from: 0,
      bytes: 9,
    };
    expect([...runSpansCsv([span as RunSpanRow])].join("")).toBe(
      "kind,worker,start_ns,end_ns,request,from_worker,bytes\r\nweights,8,1,2,,0,9\r\n",
    );
  });

  it("of nothing are a header", () => {
    expect([...runSeriesCsv([])].join("")).toBe(
      "at_ns,worker,waiting,running,held_blocks,cached_blocks,free_blocks,busy_ns,prefill_tokens,decode_tokens\r\n",
    );
  });

  it("stream: a piece is written before the next rows are asked for, and none is lost between two", () => {
    let asked = 0;
    const rows = function* () {
      for (; asked < 2000; asked += 1) yield { ...REQUEST, request: asked };
    };
    const pieces = runRequestsCsv(rows());
    const first = pieces.next().value ?? "";
    expect(asked).toBeLessThan(1000);
    const all: { request: string }[] = parse(first + [...pieces].join(""), { columns: true });
    expect(all.map(({ request }) => Number(request))).toEqual(
      Array.from({ length: 2000 }, (_, at) => at),
    );
  });
});
