/** What a server offers: its tools, prompts and resources, and how often each was called. */
import type { Offer, ToolOffer } from "../../read/mcp/reading.ts";
import { ms } from "../../shown/numbers.ts";
import { html, type Html } from "../html.ts";
import { icon } from "../icons.ts";
import { json } from "../parts.ts";
import type { Fold } from "../session-views.ts";
import type { View } from "../view.ts";

const OFFER = { dialect: "mcp", side: "stream", path: "result.tools" } as const;

export function inventory(view: View, { list }: Pick<Fold, "list">): Html {
  const { t } = view;
  const { tools, prompts, resources, templates, changes } = list.reader.reading().inventory;
  const shelf = (title: string, offers: readonly Offer[]) =>
    offers.length > 0 &&
    html`<h3>${title} <small>${offers.length}</small></h3>
      ${offers.map((offer) => drawOffer(view, offer))}`;
  const none = tools.length + prompts.length + resources.length + templates.length === 0;
  return html`<div class="tools">
    ${none && html`<p class="empty">${t("inventory.none")}</p>`}
    ${changes > 0 && html`<p class="trouble is-note">${icon("note")} ${t("inventory.changes", { n: changes })}</p>`}
    ${shelf(t("inventory.tools"), tools)}${shelf(t("inventory.prompts"), prompts)}${shelf(t("inventory.resources"), resources)}${shelf(t("inventory.templates"), templates)}
  </div>`;
}

function drawOffer(view: View, offer: Offer | ToolOffer): Html {
  const { t } = view;
  const hints =
    "annotations" in offer && typeof offer.annotations === "object" && offer.annotations !== null
      ? Object.entries(offer.annotations).filter(([, yes]) => yes === true)
      : [];
  return html`<details class="offer">
    <summary>
      <code class="name">${offer.name}</code>
      ${hints.map(([hint]) => html`<small>${hint}</small> `)}${offer.calls > 0 && html`<b>${t("inventory.calls", { n: offer.calls })}</b> `}${offer.errors > 0 && html`<b class="bad">${t("inventory.errors", { n: offer.errors })}</b> `}${offer.p50_ms !== null && html`<small>p50 ${ms(offer.p50_ms)}</small>`}<span
        class="says"
        >${offer.description ?? offer.title}</span
      >
    </summary>
    ${offer.description && html`<div class="prose">${offer.description}</div>`}${json(view, offer.wire, OFFER)}
  </details>`;
}
