/** The columns of the list of runs. What stands in them is drawn by `public/runs.js`. */
import type { Layout } from "./columns.ts";

const text = { usual: true, kind: "text" } as const;

export const RUN_COLUMNS: readonly Layout[] = [
  { id: "sign", title: "state", width: 16, worth: 9, usual: true, kind: "sign" },
  { ...text, id: "time", title: "time", sort: "time", width: 92, worth: 7 },
  { ...text, id: "client", title: "client", sort: "client", width: 130, worth: 3 },
  { id: "story", title: "story", width: 160, worth: 9, usual: true, kind: "story" },
  { ...text, id: "state", title: "state", sort: "state", width: 230, worth: 8 },
  { ...text, id: "calls", title: "calls", sort: "steps", width: 190, worth: 2 },
  { ...text, id: "total", title: "total", sort: "total", width: 68, worth: 8, align: "end" },
  { id: "bar", title: "bar", width: 96, worth: 3, usual: true, kind: "bar" },
  { ...text, id: "tokens", title: "tokens", sort: "tokens", width: 110, worth: 4, align: "end" },
  { ...text, id: "cost", title: "cost", sort: "cost", width: 64, worth: 5, align: "end" },
  { ...text, id: "models", title: "models", sort: "model", width: 150, worth: 1, usual: false },
  { ...text, id: "servers", title: "servers", sort: "server", width: 120, worth: 1, usual: false },
  { ...text, id: "problems", title: "problems", sort: "problems", width: 44, worth: 6, align: "end" },
];
