import { InputError, type Issue, type IssueCode, shown } from "#base";
import { type Fact, fact, published, supposed } from "./fact.ts";
import { findProfile } from "./find.ts";
import type { Gpu } from "./gpu.ts";
import type { Model } from "./model.ts";
import { type Reference, referenceOf, withFigures } from "./reference.ts";

type Members = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Members =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A new GPU or model gets the figures of the one that it is like, until it is given its own. */
const likeness = <Named extends { readonly name: string }>(
  what: string,
  wanted: Members,
  known: readonly Named[],
  complain: (message: string) => void,
): readonly Named[] =>
  Object.entries(wanted).flatMap(([name, like]) => {
    const found = known.find((candidate) => candidate.name === like);
    if (!/^[a-z0-9][a-z0-9-]*$/.test(name) || known.some((candidate) => candidate.name === name))
      complain(`a ${what} of its own must have a new name such as mi300x, found ${shown(name)}`);
    if (found !== undefined) return [{ ...found, name }];
    const names = known.map((candidate) => candidate.name).join(", ");
    complain(
      `${what} ${name} must say which it is like (${names}), found ${shown(like as string)}`,
    );
    return [];
  });

/** A figure with its source is published there; without, it is supposed. */
const factOf = (value: unknown, source: unknown): Fact<unknown> =>
  typeof source === "string" ? fact(value, published(source)) : supposed(value);

const putOf = (figures: Members): ReadonlyMap<string, Fact<unknown>> =>
  new Map(
    Object.entries(figures).map(([address, given]) =>
      isObject(given)
        ? [address, factOf(given["value"], given["source"])]
        : [address, supposed(given)],
    ),
  );

const MEMBERS = ["name", "extends", "gpus", "models", "figures"];

const parsed = (text: string, refuse: (message: string) => never): Members => {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : refuse("a profile file must be one JSON object");
  } catch (thrown) {
    if (thrown instanceof InputError) throw thrown;
    return refuse(`a profile file must be JSON, found: ${(thrown as Error).message}`);
  }
};

/** What `act` gives; its complaints get the file's name. */
const inFile = <Result>(file: string, act: () => Result): Result => {
  try {
    return act();
  } catch (thrown) {
    if (!(thrown instanceof InputError)) throw thrown;
    throw new InputError(thrown.issues.map((issue) => ({ ...issue, file })));
  }
};

/**
 * Reads a profile of somebody's own: `{ "name", "extends": "document" | "datasheet", "gpus": { "mi300x": "b200" }, "models": { "mine":
 * "llama-70b" }, "figures": { "mi300x.hbm_bytes": 192e9, "hop_latency_ns": { "value": 300, "source": "https://…" } } }`. A GPU or a model of
 * its own is like a known one but for the figures given. Throws an `InputError` with every fault (SPEC-1, SPEC-7, SPEC-8).
 */
export const readReference = (text: string, file: string): Reference => {
  const issues: Issue[] = [];
  const complain = (message: string, code: IssueCode = "SPEC-8"): void => {
    issues.push({ code, message, file });
  };
  const given = parsed(text, (message) => {
    throw new InputError([{ code: "SPEC-8", message, file }]);
  });
  for (const member of Object.keys(given).filter((name) => !MEMBERS.includes(name)))
    complain(`a profile file has ${MEMBERS.join(", ")}, found ${shown(member)}`);
  const part = (name: string): Members => {
    const value = given[name] ?? {};
    if (isObject(value)) return value;
    complain(`${name} must be an object, found ${shown(value as string)}`);
    return {};
  };
  const base = inFile(file, () => referenceOf(findProfile(String(given["extends"] ?? "document"))));
  const gpus: readonly Gpu[] = likeness(
    "GPU",
    part("gpus"),
    Object.values(base.profile.gpus),
    complain,
  );
  const models: readonly Model[] = likeness("model", part("models"), base.models, complain);
  const figures = part("figures");
  if (issues.length > 0) throw new InputError(issues);
  const extended: Reference = {
    ...base,
    name: String(given["name"] ?? file),
    profile: {
      ...base.profile,
      gpus: { ...base.profile.gpus, ...Object.fromEntries(gpus.map((gpu) => [gpu.name, gpu])) },
    },
    models: [...base.models, ...models],
  };
  return inFile(file, () => withFigures(extended, putOf(figures)));
};
