import { InputError, type Issue, meant, shown } from "#base";
import type { Fact } from "./fact.ts";
import { MODELS, type Model } from "./model.ts";
import { FORMATS, type NumberFormat } from "./number-format.ts";
import type { Profile } from "./profile.ts";

/** Everything that is given: one profile of the rack, the models and the number formats. What an audit rests on. */
export type Reference = {
  /** The profile's name, or that of the file that it was extended by. */
  readonly name: string;
  readonly profile: Profile;
  readonly models: readonly Model[];
  readonly formats: readonly NumberFormat[];
};

/** The reference with one profile, and the models and formats that Rackproof knows. */
export const referenceOf = (profile: Profile): Reference => ({
  name: profile.name,
  profile,
  models: MODELS,
  formats: FORMATS,
});

/** A figure of the reference under its address, such as `b200.hbm_bytes` or `llama-405b.layers`. */
export type Figure = { readonly address: string; readonly fact: Fact<unknown> };

/** The units of figures whose names do not say them; a group's unit is that of its members. */
const UNITS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    hbm: "bytes",
    hbmBandwidth: "bytes_per_second",
    peaks: "flops_per_second",
    sparsePeaks: "flops_per_second",
    nvlink: "bytes_per_second",
    l2: "bytes",
    rate: "bytes_per_second",
    hopLatency: "ns",
    workspace: "bytes",
    switchMemory: "bytes",
    memory: "bytes",
    bandwidth: "bytes_per_second",
    c2c: "bytes_per_second",
    allReduceRates: "bytes_per_second",
  }),
);

/** Groups whose members go by names that somebody gave them. */
const GROUPS = new Set(["gpus", "models", "formats"]);

/** Steps that an address leaves out: a GPU, a model or a format is known by its own name. */
const UNNAMED = new Set(["profile", ...GROUPS]);

/** What two different GPUs that lie so far apart have in common, nearest first: the names of the links. */
export const LINK_NAMES = ["superchip", "domain", "rack"] as const;

const snake = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Where a walk through the reference is. */
type Path = {
  /** The address so far. */
  readonly named: string;
  /** The last step and the one before it; empty where that is a name that somebody gave. */
  readonly last: string;
  readonly before: string;
};

const START: Path = { named: "", last: "", before: "" };

const onward = ({ named, last }: Path, step: string): Path => ({
  named: UNNAMED.has(step) ? named : `${named}${named === "" ? "" : "."}${snake(step)}`,
  last: GROUPS.has(last) ? "" : step,
  before: last,
});

const addressOf = ({ named, last, before }: Path): string => {
  const unit = UNITS.get(last) ?? UNITS.get(before);
  return unit === undefined ? named : `${named}_${unit}`;
};

const isFact = (node: object): node is Fact<unknown> => "value" in node && "source" in node;

const stepOf = (member: unknown, key: string, { last }: Path): string => {
  if (last === "links") return LINK_NAMES[Number(key)] ?? key;
  return last === "models" || last === "formats" ? (member as { name: string }).name : key;
};

/** Walks whatever facts are in and rebuilds it with others in their place. */
const rebuilt = (
  node: unknown,
  path: Path,
  change: (address: string, fact: Fact<unknown>) => Fact<unknown>,
): unknown => {
  if (typeof node !== "object" || node === null) return node;
  if (isFact(node)) return change(addressOf(path), node);
  const members = Object.entries(node).map(
    ([key, member]) =>
      [key, rebuilt(member, onward(path, stepOf(member, key, path)), change)] as const,
  );
  return Array.isArray(node) ? members.map(([, member]) => member) : Object.fromEntries(members);
};

/** The same reference with each fact replaced by what `change` makes of it. A fact of another kind than the old one is a mistake that types cannot see. */
export const mapFacts = (
  reference: Reference,
  change: (address: string, fact: Fact<unknown>) => Fact<unknown>,
): Reference => rebuilt(reference, START, change) as Reference;

/** Every figure of the reference, in the order in which it is declared. */
export const figures = (reference: Reference): readonly Figure[] => {
  const found: Figure[] = [];
  mapFacts(reference, (address, given) => {
    found.push({ address, fact: given });
    return given;
  });
  return found;
};

/** Larger figures than any rack has: their products would no longer be numbers. */
const FIGURE_MAX = 1e24;

const faultOf = (
  address: string,
  value: unknown,
  old: Fact<unknown> | undefined,
  known: readonly string[],
): string | undefined => {
  if (old === undefined) {
    const near = meant(address, known);
    const hint = near.length === 0 ? "" : ` (${near.join(", ")}?)`;
    return `an address must be that of a figure of the reference${hint}, found ${shown(address)}`;
  }
  if (typeof value !== typeof old.value)
    return `${address} must be a ${typeof old.value}, found ${shown(value as string)}`;
  if (typeof value === "number" && !(value >= 0 && value <= FIGURE_MAX))
    return `${address} must be a number of 0 … ${FIGURE_MAX}, found ${value}`;
  return undefined;
};

/**
 * The reference with figures put in by address, each with its source. Throws an `InputError` (SPEC-7) with every address that is not
 * known, nearest ones named, and every value that is not of its figure's kind.
 */
export const withFigures = (
  reference: Reference,
  put: ReadonlyMap<string, Fact<unknown>>,
): Reference => {
  const known = new Map(figures(reference).map((figure) => [figure.address, figure.fact]));
  const issues = [...put].flatMap(([address, { value }]): Issue[] => {
    const message = faultOf(address, value, known.get(address), [...known.keys()]);
    return message === undefined ? [] : [{ code: "SPEC-7", message }];
  });
  if (issues.length > 0) throw new InputError(issues);
  return mapFacts(reference, (address, old) => {
    const given = put.get(address);
    return given ?? old;
  });
};
