/**
 * What a sweep can vary, as data: a name, the values it takes, and where each stands in a replay's options. A new axis is one entry more.
 */
import { CALIBRATIONS } from "#cost";
import { REMOTE_HITS, type ReplayOptions } from "#replay";
import { showDuration } from "#report";
import { apart, everywhere, splitOf, together } from "../deployed.ts";
import { type Kind, oneOf, positive, span, text, wholeNumber } from "../kinds.ts";
import type { REPLAY_FLAGS } from "../replay-options.ts";

/** What a point has on an axis, for programs: a word, or a number in the unit that the column's name ends in. */
export type Place = string | number;

/** One value of an axis, read. */
export type Setting = {
  readonly place: Place;
  /** As it was written. */
  readonly text: string;
  /** The same options with this value in them. Throws an `InputError` CLI-5 where they leave no room for it. */
  readonly apply: (options: ReplayOptions) => ReplayOptions;
};

/** Something that a sweep can vary. */
export type Axis = {
  readonly title: string;
  readonly kind: Kind<Setting>;
  readonly isNumber: boolean;
  /** The flags of a replay that set the same, and so must not be given beside it; its own key when left out. */
  readonly flags?: readonly (keyof typeof REPLAY_FLAGS)[];
  /** The unit that its column's name ends in. */
  readonly unit?: string;
  /** A number for people. */
  readonly show?: (value: number) => string;
  /** What options have on it. */
  of(options: ReplayOptions): Place;
};

/** The place of a value that was left to the replay. */
const DEFAULT = "default";

const placeOf = (value: Place | null): Place => value ?? DEFAULT;

type Spec<Value extends Place | null> = Pick<Axis, "title" | "flags" | "unit" | "show"> & {
  readonly kind: Kind<Value>;
  readonly get: (options: ReplayOptions) => Place | null;
  readonly set: (options: ReplayOptions, value: Value) => ReplayOptions;
};

const axis =
  (isNumber: boolean) =>
  <Value extends Place | null>({ kind, get, set, ...said }: Spec<Value>): Axis => ({
    ...said,
    isNumber,
    kind: {
      ...kind,
      read(found) {
        const value = kind.read(found);
        if (value === undefined) return undefined;
        return { place: placeOf(value), text: found, apply: (options) => set(options, value) };
      },
    },
    of: (options) => placeOf(get(options)),
  });

const words = axis(false);
const numbers = axis(true);

/** A value that may be left to the replay, so that a sweep can set it beside others: the word `default`. */
const orDefault = <Value>(kind: Kind<Value>): Kind<Value | null> => ({
  placeholder: kind.placeholder,
  must: `${kind.must}, or ${DEFAULT}`,
  read: (found) => (found === DEFAULT ? null : kind.read(found)),
});

type Deployed = ReplayOptions["deploy"][number];

/** What every deployment has: one value, or all of them joined where they differ. */
const everywhereIn =
  (get: (one: Deployed) => Place | null) =>
  ({ deploy }: ReplayOptions): Place => {
    const [first = DEFAULT, ...others] = [...new Set(deploy.map((one) => placeOf(get(one))))];
    return others.length === 0 ? first : [first, ...others].join("/");
  };

/** An axis over a member that every deployment has. */
const deployed = <Key extends "model" | "weight_format" | "kv_format" | "tp" | "capacity_blocks">(
  key: Key,
  title: string,
  kind: Kind<Deployed[Key]>,
): Axis =>
  axis(key === "tp" || key === "capacity_blocks")<Deployed[Key]>({
    title,
    kind,
    get: everywhereIn((one) => one[key]),
    set: (options, value) => ({
      ...options,
      deploy: everywhere(options.deploy, { [key]: value }),
    }),
  });

type OptionOf<Key extends keyof ReplayOptions> = ReplayOptions[Key] & (Place | null);

/** An axis over an option of its own. */
const plain = <Key extends keyof ReplayOptions>(
  key: Key,
  { isNumber, ...said }: Omit<Spec<OptionOf<Key>>, "get" | "set"> & { readonly isNumber: boolean },
): Axis =>
  axis(isNumber)<OptionOf<Key>>({
    ...said,
    get: (options) => options[key] as OptionOf<Key>,
    set: (options, value) => ({ ...options, [key]: value }),
  });

/** A span, whose column is in nanoseconds. */
const spans = (key: "step_overhead_ns" | "event_delay_ns", title: string): Axis =>
  plain(key, { title, isNumber: true, kind: span("SPAN"), unit: "ns", show: showDuration });

type Load = ReplayOptions["load"];

/** The load changed in some members. */
const loaded = (options: ReplayOptions, members: Partial<Load>): ReplayOptions => ({
  ...options,
  load: { ...options.load, ...members },
});

/** `4+5`: workers that only prefill, and workers that only decode. */
const SPLIT: Kind<string> = {
  placeholder: "SPLIT",
  must: "be together, or two numbers of workers as in 4+5: those that prefill, those that decode",
  read: (found) => (/^(together|[1-9]\d{0,3}\+[1-9]\d{0,3})$/.test(found) ? found : undefined),
};

const splitInto = (options: ReplayOptions, value: string): ReplayOptions => {
  const { deploy } = options;
  if (value === splitOf(deploy)) return options;
  const [prefill, decode] = value.split("+").map(Number) as [number, number];
  const must = "--vary split";
  if (value !== "together") return { ...options, deploy: apart(deploy, prefill, decode, must) };
  return { ...options, deploy: together(deploy, null, must) };
};

/** What goes by the trace's times, and what does not: only one of them can be said. */
const PACE = ["rate", "concurrency", "speedup", "jitter"] as const;

/** Every axis. Its key in kebab-case is its name after `--vary`. */
export const AXES = {
  policy: plain("policy", { title: "Policy", isNumber: false, kind: text("POLICY") }),
  split: words({
    title: "Split",
    kind: SPLIT,
    flags: ["prefill", "decode", "replicas"],
    get: ({ deploy }) => splitOf(deploy),
    set: splitInto,
  }),
  tp: deployed("tp", "TP", wholeNumber("N", 1) as Kind<Deployed["tp"]>),
  replicas: numbers({
    title: "Replicas",
    kind: orDefault(wholeNumber("N", 1)),
    flags: ["replicas", "prefill", "decode"],
    get: everywhereIn(({ replicas }) => replicas),
    set: (options, replicas) => ({
      ...options,
      deploy: together(options.deploy, replicas, "--vary replicas"),
    }),
  }),
  capacityBlocks: deployed("capacity_blocks", "Capacity", orDefault(wholeNumber("N", 1))),
  blockTokens: plain("block_tokens", {
    title: "Block tokens",
    isNumber: true,
    kind: orDefault(wholeNumber("N", 1)),
  }),
  maxNumSeqs: plain("max_num_seqs", {
    title: "Seats",
    isNumber: true,
    kind: wholeNumber("N", 1),
  }),
  maxNumBatchedTokens: plain("max_num_batched_tokens", {
    title: "Tokens a step",
    isNumber: true,
    kind: wholeNumber("N", 1),
  }),
  preemption: plain("preemption", {
    title: "Preempted",
    isNumber: false,
    kind: oneOf("WHO", ["newest", "oldest"]),
  }),
  stepOverhead: spans("step_overhead_ns", "Overhead"),
  eventDelay: spans("event_delay_ns", "Event delay"),
  speedup: numbers({
    title: "Speed-up",
    kind: positive("FACTOR"),
    flags: ["speedup", "rate", "concurrency"],
    get: ({ load }) => load.speedup,
    set: (options, speedup) => loaded(options, { speedup }),
  }),
  rate: numbers({
    title: "Requests/s",
    kind: positive("PER_SECOND"),
    flags: PACE,
    unit: "per_s",
    get: ({ load }) => load.rate_per_s,
    set: (options, rate_per_s) => loaded(options, { mode: "poisson", rate_per_s }),
  }),
  concurrency: numbers({
    title: "Concurrency",
    kind: wholeNumber("N", 1),
    flags: PACE,
    get: ({ load }) => load.concurrency,
    set: (options, concurrency) => loaded(options, { mode: "concurrency", concurrency }),
  }),
  calibration: plain("calibration", {
    title: "Calibration",
    isNumber: false,
    kind: oneOf("NAME", CALIBRATIONS),
  }),
  remoteHits: plain("remote_hits", {
    title: "Remote hits",
    isNumber: false,
    kind: oneOf("HOW", REMOTE_HITS),
  }),
  seed: plain("seed", { title: "Seed", isNumber: true, kind: orDefault(wholeNumber("N", 0)) }),
  profile: plain("profile", { title: "Profile", isNumber: false, kind: text("NAME") }),
  model: deployed("model", "Model", text("NAME")),
  weightFormat: deployed("weight_format", "Weights", text("FORMAT")),
  kvFormat: deployed("kv_format", "KV", text("FORMAT")),
} as const satisfies Readonly<Record<string, Axis>>;

/** The key of an axis. */
export type AxisKey = keyof typeof AXES;

/** The keys, in the order of the table. */
export const AXIS_KEYS = Object.keys(AXES) as readonly AxisKey[];

/** An axis, its flags filled in. */
export const axisOf = (key: AxisKey): Axis & Required<Pick<Axis, "flags">> => {
  const found: Axis = AXES[key];
  return { ...found, flags: found.flags ?? [key as keyof typeof REPLAY_FLAGS] };
};

const joined = (key: AxisKey, by: string): string =>
  key.replace(/[A-Z]/g, (letter) => `${by}${letter.toLowerCase()}`);

/** As it is typed: `block-tokens`. */
export const axisName = (key: AxisKey): string => joined(key, "-");

/** As a column is called in CSV and JSON, with its unit: `event_delay_ns`. */
export const axisColumn = (key: AxisKey): string => {
  const { unit } = axisOf(key);
  return unit === undefined ? joined(key, "_") : `${joined(key, "_")}_${unit}`;
};
