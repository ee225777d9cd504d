import type { Json } from "#base";
import type { TriedSubject } from "../answers.ts";

/** Something wrong with the document's code, and the property that shows it. */
export type Defect = {
  /** What the code does, as the rest of a sentence that begins with it. */
  readonly does: string;
  /** What that leads to. */
  readonly consequence: string;
  /** The property that it breaks. */
  readonly property: string;
  /** A case that shows it; the shortest that is found unless told, which is that of the property's first defect. */
  readonly case?: Json;
};

/** Something missing from the document's code that a property asks for. */
export type Absence = {
  /** As the subject's `lacks` names it. */
  readonly what: string;
  readonly consequence: string;
};

/** A class or function of the document on trial, with what is known to be wrong with it. */
export type DocumentSubject = TriedSubject & {
  readonly defects: readonly Defect[];
  readonly absences: readonly Absence[];
  /** Seen when reading, and shown by no property: what nothing hangs on, or what the reference simplifies as well. */
  readonly remarks: readonly string[];
};
