import type { ConstantNode, FunctionNode, MathNode } from "mathjs";
import { InputError } from "#base";
import { type FormulaFault, faultOf, withoutTexts } from "./grammar.ts";
import { COUNTS, parse, type Value, whole } from "./units.ts";
import { FUNCTIONS } from "./vocabulary.ts";

/** A formula that has been read and found to use nothing but the language's own words. */
export type Formula = {
  readonly text: string;
  /** The claims that it refers to, in the order of their first mention. */
  readonly claims: readonly string[];
  /** Works it out. What it throws is the calculator's complaint about units, or an `InputError` about names. */
  evaluate(world: World): Value;
};

/** What a formula can see: other claims, and the functions of the reference. */
export type World = {
  claim(id: string): Value;
  call(name: string, args: readonly Value[]): Value;
};

/** Longer ones are tables or programs, not sums. With no loops in the language, size bounds time as well. */
const TEXT_MAX = 400;
const NODES_MAX = 120;

/** Reading goes down a step for each bracket, and no sum needs more. */
const DEPTH_MAX = 24;

const tooLong = (what: string, most: number, found: number): FormulaFault => ({
  code: "CLAIM-7",
  message: `a formula has at most ${most} ${what}, found ${found}`,
  at: 0,
});

const depthOf = (text: string): number => {
  let [depth, most] = [0, 0];
  for (const character of withoutTexts(text)) {
    if ("([{".includes(character)) depth += 1;
    if (")]}".includes(character)) depth -= 1;
    most = Math.max(most, depth);
  }
  return most;
};

const readNode = (text: string): MathNode | FormulaFault => {
  if (text.length > TEXT_MAX) return tooLong("characters", TEXT_MAX, text.length);
  const depth = depthOf(text);
  if (depth > DEPTH_MAX) return tooLong("brackets within brackets", DEPTH_MAX, depth);
  try {
    // A formula may be broken into lines like any cell.
    const node = parse(text.replace(/[\r\n]/g, " "));
    if (!node.comment) return node;
    const at = withoutTexts(text).indexOf("#");
    return { code: "CLAIM-4", message: "a formula has no comments, found one", at };
  } catch (thrown) {
    const { char, message } = thrown as { char?: number; message: string };
    return {
      code: "CLAIM-4",
      message: `a formula must be an expression, found ${message.replace(/ \(char \d+\)$/, "").toLowerCase()}`,
      at: Math.max(0, (char ?? 1) - 1),
    };
  }
};

const isNode = (read: MathNode | FormulaFault): read is MathNode => !("code" in read);

/** What a formula can name, as far as it does. */
const wordsOf = (world: World, calls: ReadonlySet<string>): Map<string, unknown> => {
  const words = new Map<string, unknown>(COUNTS);
  for (const name of calls) words.set(name, (...args: Value[]) => world.call(name, args));
  words.set("claim", (id: string) => world.claim(id));
  return words;
};

const KNOWN: ReadonlySet<string> = new Set(FUNCTIONS.map(({ name }) => name));

/**
 * Reads a formula: numbers, units, `+ - * / ^`, comparisons, `claim('id')`, and the functions of the vocabulary; nothing else can be
 * named, so nothing else can be reached. Returns every fault found, with its place in the text.
 */
export const readFormula = (
  text: string,
): Formula | { readonly faults: readonly FormulaFault[] } => {
  const node = readNode(text);
  if (!isNode(node)) return { faults: [node] };
  const faults: FormulaFault[] = [];
  const claims = new Set<string>();
  const calls = new Set<string>();
  let nodes = 0;
  node.traverse((inner, path, parent) => {
    nodes += 1;
    const fault = faultOf(text, inner, parent, path);
    if (fault !== undefined) faults.push(fault);
    else if (inner.type === "FunctionNode") {
      const { fn, args } = inner as FunctionNode;
      if (fn.name === "claim") claims.add(String((args[0] as ConstantNode).value));
      if (KNOWN.has(fn.name)) calls.add(fn.name);
    }
  });
  if (nodes > NODES_MAX) faults.push(tooLong("numbers, names and operators", NODES_MAX, nodes));
  if (faults.length > 0) return { faults };
  const code = node.compile();
  return {
    text,
    claims: [...claims],
    evaluate: (world) => whole(code.evaluate(wordsOf(world, calls)) as Value),
  };
};

/** What the calculator calls the operators. */
const SIGNS: Readonly<Record<string, string>> = {
  add: "+",
  addScalar: "+",
  subtract: "-",
  subtractScalar: "-",
  multiply: "*",
  multiplyScalar: "*",
  divide: "/",
  divideScalar: "/",
  pow: "^",
  equal: "==",
  equalScalar: "==",
  smaller: "<",
  smallerEq: "<=",
  larger: ">",
  largerEq: ">=",
};

/** The sentence of what went wrong while a formula was worked out, without the calculator's own jargon. */
export const complaint = (thrown: unknown): string => {
  if (thrown instanceof InputError) return thrown.issues.map(({ message }) => message).join("; ");
  const { message } = thrown as Error;
  const [, inner, outer] = /in function (\w+)|^Cannot calculate (\w+)/.exec(message) ?? [];
  const name = inner ?? outer;
  if (name === undefined) return `${message.slice(0, 1).toLowerCase()}${message.slice(1)}`;
  const sign = SIGNS[name];
  return sign === undefined
    ? `${name} of what is no plain number, or of different kinds`
    : `${sign} between a plain number, a quantity or a text and something of another kind`;
};
