/** What differs between two requests, in one sentence: the first thing that somebody wants to know. */
import { isSameRequest, type RequestDiff } from "../../read/run/request-diff.ts";
import type { Stretch } from "../../read/run/text-diff.ts";
import type { View } from "../view.ts";

export function headline({ t, lang }: View, diff: RequestDiff): string {
  if (isSameRequest(diff)) return t("diff.same");
  const { kept, changes } = diff.messages;
  const said = [
    diff.model && t("compare.model"),
    diff.system && systemSays(t, diff.system),
    diff.settings.length > 0 && t("compare.settings", { n: diff.settings.length }),
    diff.tools.length > 0 && t("compare.tools", { n: diff.tools.length }),
    changes.length > 0 &&
      t(kept > 0 ? "compare.messages" : "compare.messages.none", { n: changes.length, kept }),
  ].filter((it) => it !== null && it !== false);
  return new Intl.ListFormat(lang, { type: "conjunction" }).format(said) + t("compare.stop");
}

/** A clock in a system prompt is one place, and breaks the cache from there on. */
function systemSays(t: View["t"], stretches: readonly Stretch[]): string {
  const first = stretches.findIndex(({ kind }) => kind !== "same");
  const at = stretches.slice(0, first).reduce((sum, { text }) => sum + text.length, 0);
  const length = (kind: Stretch["kind"]) =>
    stretches.filter((it) => it.kind === kind).reduce((sum, { text }) => sum + text.length, 0);
  return t("compare.system", { n: Math.max(length("gone"), length("new")), at: at + 1 });
}
