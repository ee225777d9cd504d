import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readPath } from "./reading-in-tests.ts";

const FOLDER = new URL("../../../shared/traces/", import.meta.url).pathname;
const MOONCAKE = `${FOLDER}mooncake-conversation.jsonl`;
const AZURE = `${FOLDER}azure-2023-code.csv`;

const sum = (numbers: readonly number[]): number =>
  numbers.reduce((total, number) => total + number, 0);

describe("the public traces, where they lie beside the repository (their licences keep them out of it)", () => {
  it.skipIf(!existsSync(MOONCAKE))(
    "mooncake conversation comes to its published figures",
    async () => {
      const { requests, source } = await readPath(MOONCAKE);
      expect(requests).toHaveLength(12_031);
      expect(requests.at(-1)?.arrivalNs).toBe(3_536_999_000_000);
      expect(sum(requests.map(({ inputTokens }) => inputTokens))).toBe(144_793_823);
      expect(sum(requests.map(({ outputTokens }) => outputTokens))).toBe(4_122_048);
      expect(sum(requests.map(({ blocks }) => blocks.length))).toBe(288_500);
      expect(source?.blockIds).toHaveLength(182_790);
      // Its ids are dense already.
      expect(source?.blockIds.every((id, number) => id === BigInt(number))).toBe(true);
      expect(new Set(requests.map(({ arrivalNs }) => arrivalNs)).size).toBe(1180);
      expect(source?.sha256).toBe(
        "b8cbb061a85206d729d91cdc2981f43c9e0d99209dce588d3af5f7934408b9df",
      );
      expect(source).toMatchObject({ format: "mooncake", sizeBytes: 3_029_533 });
    },
  );

  it.skipIf(!existsSync(AZURE))("azure 2023 code comes to its published figures", async () => {
    const { requests, source } = await readPath(AZURE);
    expect(requests).toHaveLength(8819);
    expect(requests.at(-1)?.arrivalNs).toBe(3_435_948_056_000);
    expect(sum(requests.map(({ inputTokens }) => inputTokens))).toBe(18_059_974);
    expect(sum(requests.map(({ outputTokens }) => outputTokens))).toBe(245_896);
    expect(new Set(requests.map(({ arrivalNs }) => arrivalNs)).size).toBe(8819);
    expect(source?.sha256).toBe("54e9a6d2a4bd06ba1e060304b900abbc74cbea53de96506e60fe5bb4f2277fb6");
    expect(source).toMatchObject({ format: "azure-2023", blockIds: new BigUint64Array(0) });
  });
});
