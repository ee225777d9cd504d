import { InputError, type Issue, shown } from "#base";
import type { Policy, PolicyKind } from "./contract.ts";

type Option = { readonly field: string; readonly least: number; readonly most: number };

const LARGEST = 1_000_000;

/** Each policy as its bare name means it. The weight of a request is ours; the other defaults are Dynamo's documented ones. */
const DEFAULTS: Readonly<Record<PolicyKind, Policy>> = {
  "kv-aware": { kind: "kv-aware", imbalanceBound: null },
  "dynamo-cost": {
    kind: "dynamo-cost",
    prefillScale: 1,
    overlapCredit: 1,
    hostCredit: 0.75,
    diskCredit: 0.25,
    requestWeight: 0,
    temperature: 0,
  },
  "round-robin": { kind: "round-robin" },
  "least-loaded": { kind: "least-loaded" },
  random: { kind: "random" },
};

/** What a policy's text may set, under which name, and within which limits. */
const OPTIONS: Readonly<Record<PolicyKind, Readonly<Record<string, Option>>>> = {
  "kv-aware": { bound: { field: "imbalanceBound", least: 1, most: LARGEST } },
  "dynamo-cost": {
    prefill: { field: "prefillScale", least: 0, most: LARGEST },
    credit: { field: "overlapCredit", least: 0, most: 1 },
    host: { field: "hostCredit", least: 0, most: 1 },
    disk: { field: "diskCredit", least: 0, most: 1 },
    w: { field: "requestWeight", least: 0, most: LARGEST },
    temperature: { field: "temperature", least: 0, most: LARGEST },
  },
  "round-robin": {},
  "least-loaded": {},
  random: {},
};

/** The names of the policies. */
export const POLICY_KINDS = Object.keys(DEFAULTS) as readonly PolicyKind[];

/**
 * Reads a policy: its name, and its options behind a colon: `kv-aware`, `kv-aware:bound=1.25`, `dynamo-cost:temperature=0.5,w=1`.
 * Throws an `InputError` with every issue found (`REPLAY-1`).
 */
export const parsePolicy = (text: string): Policy => {
  const colon = text.indexOf(":");
  const name = colon === -1 ? text : text.slice(0, colon);
  const kind = POLICY_KINDS.find((known) => known === name);
  if (kind === undefined) {
    throw new InputError([issue(`a policy must be one of ${POLICY_KINDS.join(", ")}`, name)]);
  }
  const found =
    colon === -1
      ? []
      : text
          .slice(colon + 1)
          .split(",")
          .map(readOption(kind));
  const names = found.map(({ name }) => name);
  const twice = names.filter((name, at) => name !== undefined && names.indexOf(name) !== at);
  const issues = [
    ...found.flatMap(({ issue }) => issue ?? []),
    ...[...new Set(twice)].map((name) => issue(`${name} of ${kind} must be set once`, text)),
  ];
  if (issues.length > 0) throw new InputError(issues);
  return Object.freeze(Object.assign({}, DEFAULTS[kind], ...found.map(({ set }) => set)));
};

/** The text that reads back as the policy; options that have their usual value are left out. */
export const formatPolicy = (policy: Policy): string => {
  const [usual, fields] = [DEFAULTS[policy.kind], policy] as Readonly<Record<string, unknown>>[];
  const options = Object.entries(OPTIONS[policy.kind])
    .filter(([, { field }]) => fields?.[field] !== usual?.[field])
    .map(([name, { field }]) => `${name}=${fields?.[field]}`);
  return options.length === 0 ? policy.kind : `${policy.kind}:${options.join(",")}`;
};

type Read = {
  readonly name?: string;
  readonly set?: Readonly<Record<string, number>>;
  readonly issue?: Issue;
};

const readOption =
  (kind: PolicyKind) =>
  (text: string): Read => {
    const [name = "", value = "", ...rest] = text.split("=");
    const options = OPTIONS[kind];
    const option = Object.hasOwn(options, name) ? options[name] : undefined;
    if (option === undefined) return { issue: issue(ruleOf(kind), text) };
    const number = rest.length === 0 && NUMBER.test(value) ? Number(value) : Number.NaN;
    if (number >= option.least && number <= option.most)
      return { name, set: { [option.field]: number } };
    return { name, issue: issue(`${name} of ${kind} must be a number of ${limits(option)}`, text) };
  };

/** A decimal number without a sign, as people and JSON write it. */
const NUMBER = /^\d+(\.\d+)?(e[+-]?\d+)?$/i;

const limits = ({ least, most }: Option): string => `${least} … ${most}`;

const ruleOf = (kind: PolicyKind): string => {
  const known = Object.entries(OPTIONS[kind]).map(([name, option]) => `${name}=${limits(option)}`);
  return known.length === 0
    ? `${kind} takes no options`
    : `an option of ${kind} must be one of ${known.join(", ")}`;
};

const issue = (rule: string, found: string): Issue => ({
  code: "REPLAY-1",
  message: `${rule}, found ${shown(found)}`,
});
