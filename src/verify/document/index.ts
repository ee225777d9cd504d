import { allReduce } from "./all-reduce.ts";
import { blocks } from "./blocks.ts";
import { capacity } from "./capacity.ts";
import type { DocumentSubject } from "./defect.ts";
import { directory } from "./directory.ts";
import { express } from "./express.ts";
import { gang } from "./gang.ts";
import { prefill } from "./prefill.ts";
import { router } from "./router.ts";
import { runner } from "./runner.ts";
import { savings } from "./savings.ts";
import { throughput } from "./throughput.ts";
import { tier } from "./tier.ts";
import { transfer } from "./transfer.ts";

export type { Absence, Defect, DocumentSubject } from "./defect.ts";

/** Every class and function that the document gives in code, on trial, in its order. */
export const DOCUMENT_SUBJECTS: readonly DocumentSubject[] = [
  throughput,
  express,
  capacity,
  blocks,
  directory,
  router,
  transfer,
  gang,
  allReduce,
  prefill,
  tier,
  runner,
  savings,
];
export {
  type DocumentTrial,
  type ShownAbsence,
  type ShownDefect,
  tryDocument,
} from "./try-document.ts";
