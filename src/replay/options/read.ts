/** Reads options from plain JSON: every fault at once, each with its path. */
import * as v from "valibot";
import { byNearest, InputError, type Issue, type IssueCode, type Json, meant, shown } from "#base";
import { type DeploymentOptions, deploymentsSchema } from "./deployment-options.ts";
import { type FaultOptions, faultsSchema } from "./fault-options.ts";
import { optionsSchema, type ReplayOptions } from "./replay-options.ts";

type Members = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Members => typeof value === "object" && value !== null;

/** What was found, also where JSON has no words for it. */
const foundIn = (value: unknown): string => {
  if (typeof value !== "string" && !isObject(value)) {
    return value === undefined ? "nothing" : String(value);
  }
  try {
    return shown(value as Json);
  } catch {
    return "what JSON cannot hold";
  }
};

/** Beneath `path`: `deploy[1].tp`, and the bare name at the top. */
const beneath = (path: string, key: string | number): string => {
  if (typeof key === "number") return `${path}[${key}]`;
  return path === "" ? key : `${path}.${key}`;
};

/** Which family a fault belongs to. */
const codeOf = (path: string): IssueCode => {
  if (path.startsWith("deploy")) return "REPLAY-2";
  if (path.startsWith("faults")) return "REPLAY-3";
  return path.startsWith("load") ? "REPLAY-4" : "REPLAY-1";
};

/** What `path` is called in a sentence. */
const called = (path: string): string => (path === "" ? "options" : path);

const unknownField = (path: string, key: string, known: readonly string[]): string => {
  const near = meant(key, known);
  const must =
    near.length > 0
      ? `one that is known (${near.join(", ")}?)`
      : `one of ${byNearest(key, known).join(", ")}`;
  return `a field of ${called(path)} must be ${must}, found ${shown(key)}`;
};

/** A fault, and where. */
type Fault = { readonly path: string; readonly message: string };

/**
 * Everything that was given and not read: fields that nobody knows, at any depth, and lists where an object belongs. What is read has every
 * field that it knows, because what is left out has a default.
 */
function* unread(given: unknown, read: unknown, path: string): Generator<Fault> {
  if (given === read || !isObject(given) || !isObject(read)) return;
  if (Array.isArray(given) && Array.isArray(read)) {
    for (const [at, item] of given.entries()) yield* unread(item, read[at], beneath(path, at));
  } else if (Array.isArray(given)) {
    yield { path, message: `${called(path)} must be an object, found ${foundIn(given)}` };
  } else {
    for (const [key, value] of Object.entries(given)) {
      if (Object.hasOwn(read, key)) yield* unread(value, read[key], beneath(path, key));
      else yield { path, message: unknownField(path, key, Object.keys(read)) };
    }
  }
}

/**
 * What `unread` says better: the library names the first unknown field of an object only, and takes a list for an object that lacks its fields.
 */
const isSaidOtherwise = ({ type, expected, path }: v.BaseIssue<unknown>): boolean => {
  const last = path?.at(-1);
  const isUnknown = type === "strict_object" && expected === "never";
  return isUnknown || (last?.origin === "key" && Array.isArray(last.input));
};

/** What the library found, in our words. */
const faultOf = ({ path: steps, message, input }: v.BaseIssue<unknown>, root: string): Fault => {
  const keys = steps?.map(({ key }) => key as string | number) ?? [];
  const path = keys.reduce<string>(beneath, root);
  const isMissing = steps?.at(-1)?.origin === "key";
  const must = isMissing ? "given, found nothing" : `${message}, found ${foundIn(input)}`;
  return { path, message: `${called(path)} must be ${must}` };
};

const frozen = <Value>(value: Value): Value => {
  if (isObject(value) && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const member of Object.values(value)) frozen(member);
  }
  return value;
};

/** Reads `json` at `root`, which begins the paths of its faults. */
const readAt = <Schema extends v.GenericSchema>(
  schema: Schema,
  json: unknown,
  root: string,
  file: string | undefined,
): v.InferOutput<Schema> => {
  const { output, issues = [] } = v.safeParse(schema, json, { abortPipeEarly: true });
  const faults = [
    ...issues.filter((issue) => !isSaidOtherwise(issue)).map((issue) => faultOf(issue, root)),
    ...unread(json, output, root),
  ];
  if (faults.length > 0) {
    const place = file === undefined ? {} : { file };
    throw new InputError(
      faults.map(({ path, message }): Issue => ({ code: codeOf(path), message, ...place })),
    );
  }
  return frozen(output);
};

/**
 * Reads the options of a run from plain JSON. What is left out is as in `REPLAY_DEFAULTS`; the result is complete and frozen. Throws an `InputError`
 * with every fault: REPLAY-2 in deployments, REPLAY-3 in faults, REPLAY-4 in the load, REPLAY-1 elsewhere. Whether names are known and all of it fits
 * together is found out by `plan`.
 */
export const readReplayOptions = (json: unknown, file?: string): ReplayOptions =>
  readAt(optionsSchema, json, "", file) as ReplayOptions;

/** Reads the list of deployments that a file holds. Throws an `InputError` (REPLAY-2). */
export const readDeployments = (json: unknown, file?: string): readonly DeploymentOptions[] =>
  readAt(deploymentsSchema, json, "deploy", file) as readonly DeploymentOptions[];

/** Reads the fault schedule that a file holds. Throws an `InputError` (REPLAY-3). */
export const readFaults = (json: unknown, file?: string): readonly FaultOptions[] =>
  readAt(faultsSchema, json, "faults", file) as readonly FaultOptions[];

/**
 * The document's own case, Llama 405B in FP4 with FP8 KV on as many workers of TP 8 as fit, at what its end-to-end table says it reaches; the trace as
 * it is, nothing going wrong, every invariant watched.
 */
export const REPLAY_DEFAULTS: ReplayOptions = readReplayOptions({});
