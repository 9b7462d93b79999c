/** What filled the context window: a strip of shares, and the same as a table. */
import { count } from "../../shown/numbers.ts";
import { ledgerOf, type LedgerEntry } from "../../read/run/ledger.ts";
import { html, type Html } from "../html.ts";
import type { Seen } from "../readings.ts";
import type { View } from "../view.ts";

/** Rows of the table; the rest is one row. */
const MOST = 14;

export function drawLedger(view: View, { reading }: Seen): Html | false {
  const { t, lang } = view;
  const { input, sum, entries } = ledgerOf(reading);
  if (input === 0 || entries.length === 0) return false;
  const shown = entries.slice(0, MOST);
  const rest = entries.slice(MOST).reduce((total, { tokens }) => total + tokens, 0);
  const all: LedgerEntry[] =
    rest > 0 ? [...shown, { kind: "other", name: t("ledger.rest"), chars: 0, tokens: rest }] : shown;
  return html`<section class="ledger">
    <h3>${t("ledger.title")} <small>${t(`ledger.${sum}`, { n: count(input, lang) })}</small></h3>
    <svg class="strip" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
      ${strip(view, all, input)}
    </svg>
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

function strip(view: View, all: readonly LedgerEntry[], input: number): Html[] {
  let from = 0;
  return all.map((entry) => {
    const width = (entry.tokens / input) * 100;
    const x = from;
    from += width;
    return html`<rect
      class="kind-${entry.kind}"
      x="${x.toFixed(2)}"
      y="0"
      width="${Math.max(0, width - 0.2).toFixed(2)}"
      height="10"
    >
      <title>${nameOf(view, entry)} · ${count(entry.tokens, view.lang)}</title>
    </rect>`;
  });
}

function nameOf({ t }: View, { kind, name }: LedgerEntry): string {
  const word = t(`ledger.kind.${kind}`);
  return name === "" ? word : `${word}: ${name}`;
}

function percent(share: number): string {
  return share < 0.01 ? "< 1 %" : `${Math.round(share * 100)} %`;
}
