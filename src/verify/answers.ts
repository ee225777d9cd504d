import type { Property, Subject } from "./property.ts";

/** The reply to a call that asks for something an implementation does not have. It is no answer, and never judged as one. */
type NotImplemented = { readonly kind: "not implemented"; readonly what: string };

/** Whether a reply says that there is no such thing. */
export const isNotImplemented = (reply: unknown): reply is NotImplemented =>
  typeof reply === "object" &&
  reply !== null &&
  (reply as { readonly kind?: unknown }).kind === "not implemented";

/** What an implementation answers, and what it has no answer to. */
export type Answers = {
  readonly create: Subject<unknown, unknown>;
  /** What a call asks for that the implementation does not have; nothing when it answers. Depends on the call alone. */
  readonly lacks: (call: unknown) => string | undefined;
};

/** The answers of a subject; it answers everything unless told. Types are checked here and forgotten outside. */
export const answers = <Call, Reply>(
  create: Subject<Call, Reply>,
  lacks: (call: Call) => string | undefined = () => undefined,
): Answers => ({ create, lacks }) as Answers;

/** An implementation that properties are tried on, with none of their witnesses and mutants promised. */
export type TriedSubject = {
  /** `document/gang`. */
  readonly name: string;
  readonly part: string;
  /** What it is, in a sentence. */
  readonly about: string;
  /** The answers to the questions of a property; nothing for a property that asks it nothing. */
  readonly answersFor: (property: Pick<Property, "id" | "part">) => Answers | undefined;
};

/** Answers every property of a part: they share a vocabulary. */
export const toPart =
  (part: string, all: Answers): TriedSubject["answersFor"] =>
  (property) =>
    property.part === part ? all : undefined;

/** Answers some properties, each in its own vocabulary. */
export const toProperties =
  (byId: Readonly<Record<string, Answers>>): TriedSubject["answersFor"] =>
  ({ id }) =>
    Object.hasOwn(byId, id) ? byId[id] : undefined;
