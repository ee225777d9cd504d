import type { Shape } from "./shape.ts";
import { AZURE_CODE, AZURE_CONVERSATION } from "./shapes-azure.ts";
import { MOONCAKE_CONVERSATION } from "./shapes-mooncake.ts";
import { ADVERSARIAL, BURSTS, HOT_PROMPT, SESSIONS } from "./shapes-own.ts";
import { MOONCAKE_TOOLAGENT } from "./shapes-toolagent.ts";

/** The names of the shapes that can be generated. */
export const SHAPE_NAMES = [
  "mooncake-conversation",
  "mooncake-toolagent",
  "azure-code",
  "azure-conversation",
  "sessions",
  "hot-prompt",
  "bursts",
  "adversarial",
] as const;

/** The name of a shape. */
export type ShapeName = (typeof SHAPE_NAMES)[number];

/** Each shape with its parameters and where they come from. */
export const SHAPES: Readonly<Record<ShapeName, Shape>> = {
  "mooncake-conversation": MOONCAKE_CONVERSATION,
  "mooncake-toolagent": MOONCAKE_TOOLAGENT,
  "azure-code": AZURE_CODE,
  "azure-conversation": AZURE_CONVERSATION,
  sessions: SESSIONS,
  "hot-prompt": HOT_PROMPT,
  bursts: BURSTS,
  adversarial: ADVERSARIAL,
};
