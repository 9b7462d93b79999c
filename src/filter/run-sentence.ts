/** What a filter means in the list of runs, in a sentence: of the run itself, or of its requests. */
import type { Filter } from "./filter.ts";
import { runFilterOf } from "./run-filter.ts";
import { type Language, partOf } from "./sentence.ts";

/** Empty for a filter that filters nothing. */
export function runSentence(filter: Filter, language: Language): string {
  const { own, either, one, none } = runFilterOf(filter);
  const zh = language === "zh";
  const parts = [...own, ...either].map((term) => partOf(term, language));
  const said = ({ terms }: Filter) =>
    terms.flatMap((term) => (term.kind === "wrong" ? [] : [partOf(term, language)]));
  const together = said(one).join(zh ? "、" : " and ");
  if (together !== "") parts.push(zh ? `其中一个请求${together}` : `with a request ${together}`);
  for (const other of none)
    parts.push(zh ? `没有请求${said(other).join("、")}` : `without a request ${said(other).join(" and ")}`);
  if (parts.length === 0) return "";
  return zh ? `显示${parts.join("，且")}的运行` : `shows runs ${parts.join(", and ")}`;
}
