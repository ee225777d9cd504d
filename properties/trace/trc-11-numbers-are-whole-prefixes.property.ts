import fc from "fast-check";
import { differs, finding, oneOfValues, property, values } from "#verify";
import {
  breakingRead,
  bytesOf,
  type ReadCall,
  type ReadReply,
  reader,
  readingAs,
} from "./read-text.ts";

/** What a prompt says, block by block, in which conversation; −1 for none. */
type Prompt = { readonly chat: number; readonly says: readonly number[] };
type Case = {
  readonly idScope: "file" | "session";
  readonly prompts: readonly Prompt[];
  /** What the first id is, and how far each is from the one before: modulo 2^64, so that ids are near in every way. */
  readonly firstId: string;
  readonly step: string;
};

const nthId = ({ firstId, step }: Case, place: number): string =>
  String(BigInt.asUintN(64, BigInt(firstId) + BigInt(step) * BigInt(place)));

/** Who shares ids with a prompt: everybody, its conversation, or nobody. */
const scopeOf = ({ idScope }: Case, { chat }: Prompt, place: number): string => {
  if (idScope === "file") return "";
  return chat < 0 ? `alone ${place}` : `chat ${chat}`;
};

/** Each different prefix in each scope, in order of first appearance; a prompt is a list of places in it. */
const prefixesOf = (given: Case, isScoped: boolean) => {
  const prefixes: string[] = [];
  const prompts = given.prompts.map((prompt, place) =>
    prompt.says.map((_, at) => {
      const scope = isScoped ? scopeOf(given, prompt, place) : "";
      const prefix = `${scope}|${prompt.says.slice(0, at + 1).join(" ")}`;
      if (!prefixes.includes(prefix)) prefixes.push(prefix);
      return prefixes.indexOf(prefix);
    }),
  );
  return { prompts, count: prefixes.length };
};

const call = (
  given: Case,
  ids: "chained" | "unchained",
  hashes: readonly (readonly string[])[],
): ReadCall => ({
  bytes: bytesOf(
    given.prompts
      .map(({ chat }, timestamp) => {
        const session = chat < 0 ? "" : `,"session_id":"s${chat}"`;
        const hashIds = (hashes[timestamp] ?? []).join(",");
        return `{"timestamp":${timestamp},"input_length":1,"output_length":1,"hash_ids":[${hashIds}]${session}}\n`;
      })
      .join(""),
  ),
  cuts: [],
  options: { format: "mooncake", sessionRows: "whole", ids, idScope: given.idScope },
});

/** An id for what a block says, and an id for its whole prefix, which is one and the same in every session. */
const calls = (given: Case): readonly ReadCall[] => {
  const idAt = (place: number): string => nthId(given, place);
  return [
    call(
      given,
      "unchained",
      given.prompts.map(({ says }) => says.map(idAt)),
    ),
    call(
      given,
      "chained",
      prefixesOf(given, false).prompts.map((places) => places.map(idAt)),
    ),
  ];
};

/** Every id of a call as `change` has it. */
const eachId = (change: (id: bigint) => bigint) =>
  readingAs((call) => ({
    ...call,
    bytes: call.bytes.replaceAll(/"hash_ids":\[([\d,]+)\]/g, (_, ids: string) => {
      const changed = ids.split(",").map((id) => change(BigInt(id)));
      return `"hash_ids":[${changed.join(",")}]`;
    }),
  }));

const withOptions = (options: ReadCall["options"]) =>
  readingAs((call) => ({ ...call, options: { ...call.options, ...options } }));

const renumbering = (change: (block: number, reply: ReadReply) => number) =>
  breakingRead((reply) => ({
    ...reply,
    requests: reply.requests.map((request) => ({
      ...request,
      blocks: request.blocks.map((block) => change(block, reply)),
    })),
  }));

/** The place of a block among all in order of their ids. */
const placeById = (block: number, { source }: ReadReply): number => {
  const ids = (source?.blockIds ?? []).map((id, number) => ({ id: BigInt(id), number }));
  const own = BigInt(source?.blockIds[block] ?? "0");
  return ids.filter(({ id, number }) => id < own || (id === own && number < block)).length;
};

export default property<Case, ReadCall, ReadReply>({
  id: "TRC-11",
  part: "trace",
  statement:
    "blocks are numbered 0, 1, 2, … in order of first appearance, equal exactly for equal whole prefixes, whether ids name a prefix or only a block's own tokens; equal ids of different sessions differ where ids hold only in a session",
  given: values(
    fc.record({
      idScope: oneOfValues("file", "session"),
      prompts: fc.array(
        fc.record({
          chat: fc.integer({ min: -1, max: 1 }),
          says: fc.array(fc.nat({ max: 2 }), { maxLength: 4 }),
        }),
        { minLength: 1, maxLength: 8 },
      ),
      firstId: oneOfValues("0", "9007199254740990", "4294967294", "18446744073709551600"),
      step: oneOfValues(
        "1",
        "4294967296",
        "281474976710656",
        "9223372036854775809",
        "6364136223846793005",
      ),
    }),
  ),
  subject: reader,
  scripts: (given) => calls(given).map((call) => [call]),

  holds(given, replies) {
    const { prompts, count } = prefixesOf(given, true);
    for (const [at, [reply]] of replies.entries()) {
      const found = reply?.requests.map(({ blocks }) => blocks);
      const difference = differs(prompts, found);
      if (difference) return { at: 0, ...difference, about: `script ${at}` };
      const ids = reply?.source?.blockIds.length;
      if (ids !== count) return finding(0, count, ids ?? null, "named blocks");
    }
    return undefined;
  },

  witnesses: {
    "a prefix that comes again": (_, [replies]) => {
      const blocks = (replies?.[0]?.requests ?? []).flatMap((request) => request.blocks);
      return new Set(blocks).size < blocks.length;
    },
    "equal blocks behind different ones": ({ prompts }) =>
      prompts.some(({ says }) => says[1] !== undefined && says[1] === says[0]),
    "one prompt in two scopes": ({ idScope, prompts }) =>
      idScope === "session" &&
      new Set(prompts.filter(({ says }) => says[0] === 0).map(({ chat }) => chat)).size > 1,
    "ids that no double holds": ({ firstId }) => BigInt(firstId) > 2n ** 53n,
    "ids that are equal in their lower half": ({ step, prompts }) =>
      step === "4294967296" && prompts.some(({ says }) => new Set(says).size > 1),
  },

  mutants: {
    "cuts ids to 32 bits": eachId((id) => BigInt.asUintN(32, id)),
    "cuts ids to their upper half": eachId((id) => id >> 32n),
    "holds ids in doubles": eachId((id) => BigInt.asUintN(64, BigInt(Number(id)))),
    "takes ids of a block's own tokens for those of prefixes": withOptions({ ids: "chained" }),
    "takes ids to hold beyond their session": withOptions({ idScope: "file" }),
    "numbers blocks in order of their ids": renumbering(placeById),
    "numbers blocks from 1": renumbering((block) => block + 1),
  },
});
