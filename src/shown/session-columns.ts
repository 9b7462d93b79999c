/** The columns of the list of MCP sessions. What stands in them is drawn by `public/session-rows.js`. */
import type { Layout } from "./columns.ts";

const text = { usual: true, kind: "text" } as const;
const number = { ...text, align: "end" } as const;

export const SESSION_COLUMNS: readonly Layout[] = [
  { id: "sign", title: "state", width: 16, worth: 9, usual: true, kind: "sign" },
  { ...text, id: "time", title: "time", sort: "time", width: 92, worth: 8 },
  { id: "story", title: "server", sort: "server", width: 150, worth: 9, usual: true, kind: "story" },
  { ...text, id: "client", title: "client", sort: "client", width: 150, worth: 5 },
  { ...text, id: "state", title: "state", sort: "state", width: 72, worth: 4 },
  { ...text, id: "transport", title: "transport", sort: "transport", width: 76, worth: 2 },
  { ...text, id: "revision", title: "revision", sort: "revision", width: 218, worth: 3 },
  { ...number, id: "requests", title: "requests", sort: "requests", width: 72, worth: 3 },
  { ...number, id: "errors", title: "errors", sort: "errors", width: 60, worth: 7 },
  { ...number, id: "problems", title: "problems", sort: "problems", width: 68, worth: 6 },
  { ...number, id: "messages", title: "messages", sort: "messages", width: 76, worth: 4 },
  { ...number, id: "total", title: "total", sort: "total", width: 72, worth: 5 },
  { ...text, id: "command", title: "command", width: 220, worth: 1, usual: false },
  // Of a team's store: one machine has none of these.
  { ...text, id: "recorder", title: "recorder", sort: "recorder", width: 110, worth: 2, usual: false },
  ...(["user", "project", "host"] as const).map((id): Layout => ({
    ...text,
    id,
    title: id,
    width: 110,
    worth: 2,
    usual: false,
  })),
];
