/** A letter that tells of blocks stored. */
export const STORED = 0;
/** One that tells of blocks removed. */
export const REMOVED = 1;
/** One that tells that everything is gone. */
export const CLEARED = 2;

const LETTERS_AT_FIRST = 16;
const NAMES_AT_FIRST = 256;

/**
 * What one place has announced and is under way, first in, first out, in typed arrays: a letter is one call's events, with their names in
 * a row. Nothing is allocated for a letter, unless there have never been so many.
 */
export class Mailbox {
  /** How many events are under way, and how many listings the directory will gain by them less those it will lose. */
  events = 0;
  net = 0;
  #dueNs = new Float64Array(LETTERS_AT_FIRST);
  #firstIds = new Float64Array(LETTERS_AT_FIRST);
  #nets = new Float64Array(LETTERS_AT_FIRST);
  #counts = new Uint32Array(LETTERS_AT_FIRST);
  /** Its kind, and 4 more when it comes twice. */
  #kinds = new Uint8Array(LETTERS_AT_FIRST);
  #names = new Uint32Array(NAMES_AT_FIRST);
  /** The names of the letter that was taken out last, from the first place on. */
  #taken = new Uint32Array(NAMES_AT_FIRST);
  #first = 0;
  #end = 0;
  #firstName = 0;
  #endName = 0;

  get isEmpty(): boolean {
    return this.#first === this.#end;
  }

  /** When the first letter arrives; infinity when there is none. */
  get firstDueNs(): number {
    return this.isEmpty ? Number.POSITIVE_INFINITY : (this.#dueNs[this.#first] as number);
  }

  /** When the last one does; 0 when there is none. */
  get lastDueNs(): number {
    return this.isEmpty ? 0 : (this.#dueNs[this.#end - 1] as number);
  }

  /** What is in the first letter. */
  get kind(): number {
    return (this.#kinds[this.#first] as number) & 3;
  }

  get isDoubled(): boolean {
    return (this.#kinds[this.#first] as number) > 3;
  }

  get firstId(): number {
    return this.#firstIds[this.#first] as number;
  }

  get count(): number {
    return this.#counts[this.#first] as number;
  }

  /** The first letter's names, from the first place on. Good until the next is asked for. */
  names(): Uint32Array {
    const count = this.#endOfFirst() - this.#firstName;
    if (this.#taken.length < count) this.#taken = new Uint32Array(2 * count);
    for (let index = 0; index < count; index += 1) {
      this.#taken[index] = this.#names[this.#firstName + index] as number;
    }
    return this.#taken;
  }

  /** Puts a letter behind the others. A clear has no names, and is one event. */
  put(
    kind: number,
    names: Uint32Array,
    count: number,
    firstId: number,
    net: number,
    dueNs: number,
    isDoubled: boolean,
  ): void {
    if (this.#end === this.#dueNs.length) this.#makeRoom();
    const at = this.#end;
    this.#dueNs[at] = dueNs;
    this.#firstIds[at] = firstId;
    this.#nets[at] = net;
    this.#counts[at] = count;
    this.#kinds[at] = kind + (isDoubled ? 4 : 0);
    this.#end += 1;
    this.events += count;
    this.net += net;
    if (kind !== CLEARED) this.#putNames(names, count);
  }

  /** Takes the first letter out. */
  take(): void {
    const at = this.#first;
    this.events -= this.#counts[at] as number;
    this.net -= this.#nets[at] as number;
    this.#firstName = this.#endOfFirst();
    this.#first += 1;
    if (this.isEmpty) this.empty();
  }

  /** Loses everything. */
  empty(): void {
    this.#first = 0;
    this.#end = 0;
    this.#firstName = 0;
    this.#endName = 0;
    this.events = 0;
    this.net = 0;
  }

  #endOfFirst(): number {
    const count = this.kind === CLEARED ? 0 : (this.#counts[this.#first] as number);
    return this.#firstName + count;
  }

  #putNames(names: Uint32Array, count: number): void {
    if (this.#endName + count > this.#names.length) this.#makeNameRoom(count);
    for (let index = 0; index < count; index += 1) {
      this.#names[this.#endName + index] = names[index] as number;
    }
    this.#endName += count;
  }

  /** Moves the letters to the front, into arrays twice as long unless half of them is free then. */
  #makeRoom(): void {
    const [first, end] = [this.#first, this.#end];
    const length = roomFor(end - first, this.#dueNs.length);
    this.#dueNs = moved(this.#dueNs, first, end, length);
    this.#firstIds = moved(this.#firstIds, first, end, length);
    this.#nets = moved(this.#nets, first, end, length);
    this.#counts = moved(this.#counts, first, end, length);
    this.#kinds = moved(this.#kinds, first, end, length);
    this.#first = 0;
    this.#end = end - first;
  }

  #makeNameRoom(count: number): void {
    const [first, end] = [this.#firstName, this.#endName];
    const length = roomFor(end - first + count, this.#names.length);
    this.#names = moved(this.#names, first, end, length);
    this.#firstName = 0;
    this.#endName = end - first;
  }
}

/** How long an array is to be that has to hold so many: twice as many, so that moving them is paid for by those that come. */
const roomFor = (needed: number, length: number): number => Math.max(length, 2 * needed);

type Numbers = Float64Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>;

/** The part of an array from `first` to `end`, at the front of one of that length: the same where it is long enough. */
const moved = <Of extends Numbers>(array: Of, first: number, end: number, length: number): Of => {
  if (length === array.length) return array.copyWithin(0, first, end) as Of;
  const longer = new (array.constructor as new (length: number) => Of)(length);
  longer.set(array.subarray(first, end));
  return longer;
};
