import type { ConstantNode, FunctionNode, MathNode, OperatorNode, SymbolNode } from "mathjs";
import { type IssueCode, meant, shown } from "#base";
import { COUNTS, UNITS } from "./units.ts";
import { FUNCTIONS, OPERATIONS } from "./vocabulary.ts";

/** Why a text is not a formula. */
export type FormulaFault = {
  readonly code: IssueCode;
  readonly message: string;
  /** Where in the text, counted from 0. */
  readonly at: number;
};

const COMPARISONS: ReadonlySet<string> = new Set(["<", "<=", ">", ">=", "=="]);
const CONNECTIVES: ReadonlySet<string> = new Set(["and", "or", "not"]);
const OPERATORS: readonly string[] = ["+", "-", "*", "/", "^", ...COMPARISONS, ...CONNECTIVES];

const FUNCTION_NAMES: readonly string[] = [
  ...OPERATIONS,
  ...FUNCTIONS.map(({ name }) => name),
  "claim",
];

/** How many arguments a function takes; undefined for as many as there are. */
const ARITIES: ReadonlyMap<string, number | undefined> = new Map([
  ...OPERATIONS.map((name) => [name, name === "min" || name === "max" ? undefined : 1] as const),
  ...FUNCTIONS.map(({ name, takes }) => [name, takes.length] as const),
  ["claim", 1],
]);

/** What the calculator could read beyond the language, by its kinds of nodes. */
const OTHERS: Readonly<Record<string, string>> = {
  AccessorNode: "a property",
  ArrayNode: "a list",
  AssignmentNode: "an assignment",
  BlockNode: "several expressions",
  ConditionalNode: "a condition",
  FunctionAssignmentNode: "a function of its own",
  ObjectNode: "an object",
  RangeNode: "a range",
  RelationalNode: "comparisons in a row",
};

/** The text with nothing but spaces between quotes, so that words and brackets are found where they count. */
export const withoutTexts = (text: string): string =>
  text.replace(/(["'])(?:\\.|(?!\1).)*\1?/gs, (quoted) => " ".repeat(quoted.length));

const wordAt = (text: string, word: string): number => {
  const end = /\w$/.test(word) ? "(?!\\w)" : "";
  const found = new RegExp(`(?<![\\w.])${word.replace(/\W/g, "\\$&")}${end}`);
  const at = withoutTexts(text).search(found);
  return Math.max(at, 0);
};

const fault = (message: string, at = 0): FormulaFault => ({ code: "CLAIM-4", message, at });

const unknown = (
  text: string,
  word: string,
  what: string,
  known: readonly string[],
): FormulaFault => {
  const near = /\w/.test(word) ? meant(word, known) : [];
  const hint = near.length === 0 ? "" : ` (${near.join(", ")}?)`;
  return fault(
    `${what} must be one that the language has${hint}, found ${shown(word)}`,
    wordAt(text, word),
  );
};

const callFault = (text: string, { fn, args }: FunctionNode): FormulaFault | undefined => {
  if ((fn as MathNode).type !== "SymbolNode") return fault("a function is called by its name");
  const name = String(fn.name);
  if (!ARITIES.has(name)) return unknown(text, name, "a function", FUNCTION_NAMES);
  const arity = ARITIES.get(name);
  if (arity === undefined ? args.length === 0 : args.length !== arity)
    return fault(
      `${name} takes ${arity ?? "one or more"} argument${arity === 1 ? "" : "s"}, found ${args.length}`,
      wordAt(text, name),
    );
  if (args.some(isTruth)) return fault(`${name} takes no comparison`, wordAt(text, name));
  const isNamed = name !== "claim" || typeof (args[0] as ConstantNode).value === "string";
  return isNamed ? undefined : fault("claim takes an id in quotes", wordAt(text, name));
};

const bare = (node: MathNode): MathNode =>
  node.type === "ParenthesisNode" ? bare((node as unknown as { content: MathNode }).content) : node;

const operator = (node: MathNode): string | undefined =>
  node.type === "OperatorNode" ? (node as OperatorNode).op : undefined;

/** Whether a node gives yes or no. */
const isTruth = (node: MathNode): boolean => {
  const op = operator(bare(node)) ?? "";
  return COMPARISONS.has(op) || CONNECTIVES.has(op);
};

/** A number, or a number below 0. */
const isConstant = (node: MathNode | undefined): boolean => {
  const { op, args } = (node ?? {}) as Partial<OperatorNode>;
  return node?.type === "ConstantNode" || (op === "-" && args?.length === 1 && isConstant(args[0]));
};

const isUnit = (node: MathNode | undefined): boolean => node?.type === "SymbolNode";

/** `5 GB`: a number with its unit, side by side. */
const isQuantity = (node: MathNode | undefined): boolean => {
  const { op, implicit, args } = (node ?? {}) as Partial<OperatorNode>;
  return op === "*" && implicit === true && isConstant(args?.[0]) && isUnit(args?.[1]);
};

/** `x / 1.8 TB/s` and `1 / 2 s`, which the calculator and a reader would divide differently. */
const isUnclear = ({ op, implicit, args }: OperatorNode): boolean => {
  const [left, right] = args as readonly MathNode[];
  if (left === undefined || operator(left) !== "/") return false;
  const within: readonly MathNode[] = (left as OperatorNode).args;
  return op === "/" ? isQuantity(within[1]) && isUnit(right) : op === "*" && implicit;
};

const operatorFault = (text: string, node: OperatorNode): FormulaFault | undefined => {
  const { op, implicit, args } = node;
  if (!OPERATORS.includes(op)) return unknown(text, op, "an operator", OPERATORS);
  if ((node as { isPercentage?: boolean }).isPercentage === true)
    return unknown(text, "%", "an operator", OPERATORS);
  if (isUnclear(node))
    return fault(
      "what is divided by must stand in brackets with its whole unit, such as x / (1.8 TB/s)",
      wordAt(text, "/"),
    );
  if (implicit && !isQuantity(node))
    return fault("* must stand between two factors, but for a number and its unit");
  if (args.some((arg) => isTruth(arg) !== CONNECTIVES.has(op)))
    return CONNECTIVES.has(op)
      ? fault(`${op} must join comparisons`, wordAt(text, op))
      : fault(`${op} must join figures, found a comparison`, wordAt(text, op));
  return undefined;
};

const constantFault = ({ value }: ConstantNode): FormulaFault | undefined => {
  if (typeof value === "string" || (typeof value === "number" && Number.isFinite(value)))
    return undefined;
  return value === undefined
    ? fault("a formula must be an expression, found nothing")
    : fault(`a constant must be a number or a text in quotes, found ${String(value)}`);
};

/** What is wrong with one node of a formula. The language is what this lets through: a closed list of kinds of nodes, names and operators. */
export const faultOf = (
  text: string,
  node: MathNode,
  parent: MathNode | null,
  path: string,
): FormulaFault | undefined => {
  switch (node.type) {
    case "ParenthesisNode":
    case "IndexNode": // of an AccessorNode or an AssignmentNode, of which it is told already
      return undefined;
    case "ConstantNode":
      return constantFault(node as ConstantNode);
    case "OperatorNode":
      return operatorFault(text, node as OperatorNode);
    case "FunctionNode":
      return callFault(text, node as FunctionNode);
    case "SymbolNode": {
      const { name } = node as SymbolNode;
      const isCallee = parent?.type === "FunctionNode" && path === "fn";
      if (isCallee || UNITS.has(name) || COUNTS.has(name)) return undefined;
      return unknown(text, name, "a name", [...UNITS, ...COUNTS.keys(), ...FUNCTION_NAMES]);
    }
    default:
      return fault(
        `a formula has numbers, units, operators and functions only, found ${OTHERS[node.type] ?? node.type}`,
      );
  }
};
