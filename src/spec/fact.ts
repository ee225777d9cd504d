/** Where a figure comes from. Reports print it, so that every result can be followed down to what was given. */
export type Source = {
  /**
   * `document`: the document prints it. `public`: somebody else published it. `reading`: this project's choice where sources are
   * silent. `supposed`: put in by hand, to see what would follow.
   */
  readonly kind: "document" | "public" | "reading" | "supposed";
  /** The place in the document, the address of the publication, or the reason. */
  readonly where: string;
};

/** A given figure and where it comes from. */
export type Fact<Value> = { readonly value: Value; readonly source: Source };

/** Declares a figure. */
export const fact = <Value>(value: Value, source: Source): Fact<Value> =>
  Object.freeze({ value, source });

/** A place in the document. */
export const inDocument = (where: string): Source => Object.freeze({ kind: "document", where });

/** The address of a publication, with what it says there when that takes a step of arithmetic. */
export const published = (where: string): Source => Object.freeze({ kind: "public", where });

/** This project's own choice, with its reason. */
export const reading = (where: string): Source => Object.freeze({ kind: "reading", where });

/** A figure put in by hand, for instance twice the bandwidth: what a what-if and a generated test are made of. */
export const supposed = <Value>(value: Value): Fact<Value> =>
  fact(value, { kind: "supposed", where: "put in by hand" });
