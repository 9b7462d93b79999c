/** Answers that are not messages, in words: vectors, rankings, lists of models. */
import { count } from "../../shown/numbers.ts";
import { html, type Hole, type Html } from "../html.ts";
import type { Seen } from "../readings.ts";
import type { View } from "../view.ts";

/** Rows that are shown; the Wire panel has them all. */
const MOST_ROWS = 200;

/** Null where there is nothing of the kind. */
export function extras({ reading }: Pick<Seen, "reading">): ((view: View) => Html) | null {
  const { embedding, moderation, transcription, token_count, ranking, models, images } = reading;
  const all = [embedding, moderation, transcription, token_count, ranking, models, images];
  if (all.every((it) => it === undefined)) return null;
  return ({ t, lang }) => {
    const told: Hole[] = [
      embedding && t("extra.embedding", { n: count(embedding.count, lang), m: embedding.dimensions ?? "?" }),
      moderation?.flagged === true && t("extra.flagged", { what: moderation.categories.join(", ") }),
      moderation?.flagged === false && t("extra.not-flagged"),
      token_count && t("extra.tokens", { n: count(token_count.input, lang) }),
      images && t("extra.images", { n: images.count }),
      models && t("extra.models", { n: models.count }),
      ranking && t("extra.ranking", { n: ranking.count }),
      transcription && html`<span class="prose">${transcription.text}</span>`,
    ];
    return html`<section class="turn role-assistant extras">
      <h3><span class="role">${t("extra.title")}</span></h3>
      ${told.map((it) => it && html`<p>${it}</p>`)}
      ${
        models &&
        html`<ul class="ids">
          ${models.ids.slice(0, MOST_ROWS).map((id) => html`<li><code>${id}</code></li>`)}
        </ul>`
      }
      ${
        ranking &&
        html`<table class="sheet">
          ${ranking.results.slice(0, MOST_ROWS).map(
            ({ index, score }) =>
              html`<tr>
                <th scope="row">#${index}</th>
                <td>${score === null ? "–" : score.toFixed(4)}</td>
              </tr>`,
          )}
        </table>`
      }
    </section>`;
  };
}
