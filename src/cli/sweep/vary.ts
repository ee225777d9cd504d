/** Reads `--vary`. */
import { canonicalJson, InputError, type Issue, shown } from "#base";
import type { ReplayOptions } from "#replay";
import { didYouMean, flagOf } from "../parse.ts";
import { AXES, AXIS_KEYS, type AxisKey, axisName, axisOf, type Setting } from "./axes.ts";

/** An axis and the values that it takes, in the order in which they were given. */
export type Varied = { readonly axis: AxisKey; readonly settings: readonly Setting[] };

/**
 * The values of a list. A comma before `name=` belongs to the value that it stands in, because a policy has options of its own:
 * `round-robin,dynamo-cost:w=1,temperature=0.5` is two values.
 */
const split = (values: string): readonly string[] => values.split(/,(?![\w-]+=)/);

const settingsOf = (axis: AxisKey, values: string, issues: Issue[]): readonly Setting[] =>
  split(values).flatMap((value) => {
    const setting = AXES[axis].kind.read(value);
    if (setting !== undefined) return [setting];
    const message = `--vary ${axisName(axis)} must ${AXES[axis].kind.must}, found ${shown(value)}`;
    issues.push({ code: "CLI-2", message });
    return [];
  });

const variedOf = (word: string, issues: Issue[]): readonly Varied[] => {
  const [, name = word, values] = /^([^=]*)=(.*)$/s.exec(word) ?? [];
  const axis = AXIS_KEYS.find((key) => axisName(key) === name);
  if (axis !== undefined && values !== undefined) {
    return [{ axis, settings: settingsOf(axis, values, issues) }];
  }
  const names = AXIS_KEYS.map(axisName);
  const message =
    axis === undefined
      ? `--vary must name one of ${names.join(", ")}, found ${shown(name)}${didYouMean(name, names)}`
      : `--vary ${name} must be followed by = and its values, found nothing`;
  issues.push({ code: "CLI-2", message });
  return [];
};

const twice = (texts: readonly string[]): readonly string[] => [
  ...new Set(texts.filter((text, at) => texts.indexOf(text) !== at)),
];

/** Axes of which one would undo what the other set. */
const rivals = (varied: readonly Varied[]): readonly string[] =>
  varied.flatMap(({ axis }, at) =>
    varied
      .slice(at + 1)
      .filter((other) => other.axis !== axis)
      .filter((other) => axisOf(other.axis).flags.some((name) => axisOf(axis).flags.includes(name)))
      .map(
        (other) =>
          `--vary ${axisName(axis)} and --vary ${axisName(other.axis)} must not be given together`,
      ),
  );

/** What is said twice: an axis, a value of one, or an axis that a flag holds fixed and that is varied too. */
const clashes = (
  varied: readonly Varied[],
  fixed: ReadonlySet<string>,
  base: ReplayOptions,
): readonly Issue[] => {
  const axes = varied.map(({ axis }) => axisName(axis));
  const messages = [
    ...twice(axes).map((name) => `--vary ${name} must be given once, with all its values`),
    ...rivals(varied),
    ...varied.flatMap(({ axis }) =>
      axisOf(axis)
        .flags.filter((name) => fixed.has(name))
        .map((name) => `${flagOf(name)} and --vary ${axisName(axis)} must not be given together`),
    ),
    ...varied.flatMap(({ axis, settings }) =>
      twice(settings.map(({ apply }) => canonicalJson(AXES[axis].of(apply(base))))).map(
        (value) => `--vary ${axisName(axis)} must be given each value once, found ${value} twice`,
      ),
    ),
  ];
  return messages.map((message) => ({ code: "CLI-5", message }));
};

/**
 * The axes of a sweep that starts from `base`, some of which was set by the flags in `fixed`. Throws one `InputError` with every fault: CLI-2 for an axis or a
 * value that is none, CLI-4 when nothing is varied, CLI-5 for what is said twice or cannot be varied there.
 */
export const readAxes = (
  words: readonly string[],
  fixed: ReadonlySet<string>,
  base: ReplayOptions,
): readonly Varied[] => {
  const issues: Issue[] = [];
  if (words.length === 0) {
    const message = "a sweep must be given something to vary, as in --vary tp=1,2, found nothing";
    issues.push({ code: "CLI-4", message });
  }
  const varied = words.flatMap((word) => variedOf(word, issues));
  issues.push(...clashes(varied, fixed, base));
  if (issues.length > 0) throw new InputError(issues);
  return varied;
};
