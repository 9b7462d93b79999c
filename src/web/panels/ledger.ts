/** What filled the context window: a treemap, and the same as a table. */
import { count } from "../../shown/numbers.ts";
import { ledgerOf, type LedgerEntry } from "../../read/run/ledger.ts";
import { html, type Html } from "../html.ts";
import type { Seen } from "../readings.ts";
import { drawTreemap } from "../treemap.ts";
import type { View } from "../view.ts";

/** Rows of the table; the rest is one row. */
const MOST_ROWS = 14;

export function drawLedger(view: View, { reading }: Seen): Html | false {
  const { t, lang } = view;
  const { input, sum, entries } = ledgerOf(reading);
  if (input === 0 || entries.length === 0) return false;
  const shown = entries.slice(0, MOST_ROWS);
  const rest = entries.slice(MOST_ROWS).reduce((total, { tokens }) => total + tokens, 0);
  const all: LedgerEntry[] =
    rest > 0 ? [...shown, { kind: "other", name: t("ledger.rest"), chars: 0, tokens: rest }] : shown;
  return html`<section class="ledger">
    <h3>${t("ledger.title")} <small>${t(`ledger.${sum}`, { n: count(input, lang) })}</small></h3>
    ${drawTreemap(
      t("ledger.title"),
      all.map((entry) => ({
        weight: entry.tokens,
        kind: entry.kind,
        name: entry.name || nameOf(view, entry),
        says: `${nameOf(view, entry)} · ${count(entry.tokens, lang)} · ${percent(entry.tokens / input)}`,
      })),
    )}
    <table class="sheet shares">
      <tbody>
        ${all.map(
          (entry) =>
            html`<tr>
              <th scope="row"><i class="swatch kind-${entry.kind}"></i>${nameOf(view, entry)}</th>
              <td>${count(entry.tokens, lang)}</td>
              <td>${percent(entry.tokens / input)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </section>`;
}

function nameOf({ t }: View, { kind, name }: LedgerEntry): string {
  const word = t(`ledger.kind.${kind}`);
  return name === "" ? word : `${word}: ${name}`;
}

function percent(share: number): string {
  return share < 0.01 ? "< 1 %" : `${Math.round(share * 100)} %`;
}
