/** What a step of a run says as long as nothing is known of it: the steps of models and of tools fill in their own part. */
import type { StepRow } from "./rows.ts";

export const NOTHING_OF_A_STEP = {
  ended: null,
  parent: null,
  exchange: null,
  call: null,
  seen: null,
  certainty: null,
  rule: null,
  split: null,
  first_token: null,
  tokens_in: null,
  tokens_out: null,
  tokens_cached: null,
  cost: null,
  fidelity: null,
  context: null,
} as const satisfies Partial<StepRow>;
