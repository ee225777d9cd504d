/** Reads a case of a run from JSON that may have come from anywhere: every fault at once. */
import { InputError, type Issue, type Json, NANOS_MAX, nanos, shown } from "#base";
import { INVARIANTS, type InvariantId, readReplayOptions, type Violation } from "#replay";
import type { TraceRequest } from "#trace";
import { type RunCase, UNSAID } from "./run-case.ts";

type Members = Readonly<Record<string, unknown>>;
type Bounds = readonly [least: number, most: number];

/** The largest number of 32 bits is left to hash tables for "nobody". */
const BLOCK_MAX = 2 ** 32 - 2;
const COUNT: Bounds = [0, 2 ** 32 - 1];
const NUMBER_OR_NONE: Bounds = [-1, 2 ** 32 - 1];

/** The numbers of a request. */
const BOUNDS: Readonly<Record<string, Bounds>> = {
  arrival_ns: [0, NANOS_MAX],
  input_tokens: COUNT,
  output_tokens: COUNT,
  session: NUMBER_OR_NONE,
  turn: COUNT,
  delay_ns: [-1, NANOS_MAX],
  priority: [-NANOS_MAX, NANOS_MAX],
  model: NUMBER_OR_NONE,
};

const isObject = (value: unknown): value is Members =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isWhole = (value: unknown, [least, most]: Bounds): value is number =>
  Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most;

/** Gathers what is wrong. */
class Faults {
  readonly messages: string[] = [];

  require(isRight: boolean, must: string, found: unknown): void {
    if (!isRight) this.messages.push(`${must}, found ${shown(found as Json | undefined)}`);
  }
}

/** What blocks are called must name prefixes: none twice in a prompt, and each behind the same one everywhere. */
const checkBlocks = (
  blocks: readonly unknown[],
  path: string,
  parents: Map<number, number>,
  faults: Faults,
): void => {
  const seen = new Set<number>();
  let parent = -1;
  for (const block of blocks) {
    if (!isWhole(block, [0, BLOCK_MAX])) {
      faults.require(false, `${path}.blocks must be numbers of 0 … ${BLOCK_MAX}`, block);
      return;
    }
    const isPrefix = !seen.has(block) && (parents.get(block) ?? parent) === parent;
    faults.require(
      isPrefix,
      `${path}.blocks must name prefixes, each once and always behind the same one`,
      block,
    );
    seen.add(block);
    parents.set(block, parent);
    parent = block;
  }
};

const checkRequest = (
  request: Members,
  path: string,
  parents: Map<number, number>,
  faults: Faults,
): void => {
  const { blocks, failed } = request;
  for (const [name, bounds] of Object.entries(BOUNDS)) {
    const value = request[name] ?? (UNSAID as Members)[name];
    const must = `${path}.${name} must be a whole number of ${bounds[0]} … ${bounds[1]}`;
    faults.require(isWhole(value, bounds), must, value);
  }
  faults.require(
    failed === undefined || typeof failed === "boolean",
    `${path}.failed must be true or false`,
    failed,
  );
  if (Array.isArray(blocks)) checkBlocks(blocks, path, parents, faults);
  else faults.require(false, `${path}.blocks must be a list`, blocks);
  const known = [...Object.keys(BOUNDS), "blocks", "failed"];
  for (const name of Object.keys(request)) {
    faults.require(known.includes(name), `a field of ${path} must be a known one`, name);
  }
};

const requestOf = (json: Members): TraceRequest => {
  const given = { ...UNSAID, ...json } as unknown as typeof UNSAID & {
    readonly arrival_ns: number;
    readonly input_tokens: number;
    readonly output_tokens: number;
    readonly blocks: readonly number[];
  };
  return {
    arrivalNs: nanos(given.arrival_ns),
    inputTokens: given.input_tokens,
    outputTokens: given.output_tokens,
    blocks: Uint32Array.from(given.blocks),
    session: given.session,
    turn: given.turn,
    delayNs: given.delay_ns,
    priority: given.priority,
    model: given.model,
    failed: given.failed,
    extra: "",
  };
};

const checkRequests = (
  requests: readonly unknown[],
  blockTokens: unknown,
  models: number,
  faults: Faults,
): void => {
  const parents = new Map<number, number>();
  let beforeNs = 0;
  for (const [place, request] of requests.entries()) {
    const path = `requests[${place}]`;
    if (!isObject(request)) {
      faults.require(false, `${path} must be an object`, request);
      continue;
    }
    checkRequest(request, path, parents, faults);
    const { arrival_ns: atNs, blocks, model = -1 } = request;
    if (isWhole(atNs, [0, NANOS_MAX])) {
      faults.require(atNs >= beforeNs, `${path} must not arrive before the one before`, atNs);
      beforeNs = atNs;
    }
    const isNamed = Array.isArray(blocks) && blocks.length > 0;
    faults.require(
      !isNamed || blockTokens !== null,
      `${path}.blocks must be empty without block_tokens`,
      blocks,
    );
    faults.require(
      (model as number) < models,
      `${path}.model must be one of the ${models} of models`,
      model,
    );
  }
};

const isViolation = (found: unknown, invariant: unknown): boolean =>
  isObject(found) &&
  found["id"] === invariant &&
  [found["at_ns"], found["request"], found["found"]].every(Number.isFinite);

/** What can be said of the parts of a case other than its options. */
const check = (json: Members, faults: Faults): void => {
  const { kind, invariant, found, block_tokens, models, requests } = json;
  faults.require(kind === "run", 'kind must be "run"', kind);
  faults.require(
    typeof invariant === "string" && Object.hasOwn(INVARIANTS, invariant),
    "invariant must be the id of one",
    invariant,
  );
  faults.require(isViolation(found, invariant), "found must be a violation of it", found);
  faults.require(
    block_tokens === null || isWhole(block_tokens, [1, 2 ** 20]),
    `block_tokens must be a whole number of 1 … ${2 ** 20}, or null`,
    block_tokens,
  );
  const names = Array.isArray(models) ? models : [];
  const isList = Array.isArray(models) && models.every((name) => typeof name === "string");
  faults.require(isList, "models must be a list of names", models);
  if (Array.isArray(requests)) checkRequests(requests, block_tokens, names.length, faults);
  else faults.require(false, "requests must be a list", requests);
};

/**
 * Reads a case that `runCaseJson` wrote, or somebody else did. Throws an `InputError` with every fault: VERIFY-1, and what
 * `readReplayOptions` finds in the options.
 */
export const readRunCase = (json: unknown, file?: string): RunCase => {
  const place = file === undefined ? {} : { file };
  const faults = new Faults();
  const members = isObject(json) ? json : {};
  if (isObject(json)) check(json, faults);
  else faults.require(false, "a case of a run must be an object", json);
  if (faults.messages.length > 0) {
    throw new InputError(
      faults.messages.map((message): Issue => ({ code: "VERIFY-1", message, ...place })),
    );
  }
  return {
    kind: "run",
    invariant: members["invariant"] as InvariantId,
    found: members["found"] as Violation,
    options: readReplayOptions(members["options"], file),
    blockTokens: members["block_tokens"] as number | null,
    models: members["models"] as readonly string[],
    requests: (members["requests"] as readonly Members[]).map(requestOf),
  };
};
