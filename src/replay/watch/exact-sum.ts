/** So much is added up in a plain number before it is carried over. */
const CARRY = 2 ** 51;

/** A sum of products of whole numbers, exact however large it becomes, and rarely anything but one addition. */
export class ExactSum {
  #low = 0;
  #high = 0n;

  /** Adds `count · span`; both whole, and neither above 2^53. */
  add(count: number, span: number): void {
    const product = count * span;
    if (Math.abs(product) >= CARRY) {
      this.#high += BigInt(count) * BigInt(span);
      return;
    }
    this.#low += product;
    if (Math.abs(this.#low) < CARRY) return;
    this.#high += BigInt(this.#low);
    this.#low = 0;
  }

  /** The sum. */
  value(): bigint {
    return this.#high + BigInt(this.#low);
  }
}
