/** An exchange that attacks the page from every field, and what of it a browser would take for more than text. */
import { chatStream, type Spec } from "../../test/believable.ts";

export const EVIL = `"><script>alert(1)</script><img src=x onerror=alert(2)>'\`&`;

/** An exchange in which everything that can carry text carries an attack. */
export function hostile(): Spec {
  const body = {
    model: EVIL,
    stream: true,
    [EVIL]: EVIL,
    messages: [
      { role: "system", content: EVIL },
      {
        role: EVIL,
        name: EVIL,
        content: [
          { type: "text", text: EVIL },
          { type: "image_url", image_url: { url: EVIL } },
          { type: EVIL, x: EVIL },
        ],
      },
      {
        role: "assistant",
        content: EVIL,
        tool_calls: [{ id: EVIL, type: "function", function: { name: EVIL, arguments: EVIL } }],
      },
      { role: "tool", tool_call_id: EVIL, content: EVIL },
    ],
    tools: [{ type: "function", function: { name: EVIL, description: EVIL, parameters: { [EVIL]: EVIL } } }],
  };
  const path = `/v1/chat/completions?${EVIL}`;
  const headers: Spec["headers"] = [
    [EVIL, EVIL],
    ["content-type", "application/json"],
  ];
  const responseHeaders: Spec["responseHeaders"] = [
    ["content-type", "text/event-stream"],
    ["x-evil", EVIL],
  ];
  const pieces = chatStream([EVIL, EVIL], { model: EVIL });
  return {
    body,
    path,
    headers,
    responseHeaders,
    pieces,
    upstream: EVIL,
    method: "POST",
    target: `http://h/${EVIL}`,
    error: EVIL,
    ending: "upstream-error",
  };
}

/** What the browser would make of it: elements and attributes, not text. */
export function dangers(page: string): string[] {
  const found: string[] = [];
  const look = (name: string, value: string) => found.push(`${name}=${value.slice(0, 60)}`);
  void new HTMLRewriter()
    .on("script", {
      element: (it) => void (it.getAttribute("src")?.startsWith("/public/") || look("script", "inline")),
    })
    .on("style", { element: () => void look("style", "element") })
    .on("img, iframe, object, embed, base", { element: (it) => void look(it.tagName, "element") })
    .on("*", {
      element(it) {
        for (const [name, value] of it.attributes) {
          if (/^on/i.test(name) || name === "style") look(name, value);
          if (/^(href|src|action|hx-\w+)$/.test(name) && /^\s*(javascript|data):/i.test(value))
            look(name, value);
          if (name.startsWith("hx-on")) look(name, value);
        }
      },
    })
    .transform(page);
  return found;
}
