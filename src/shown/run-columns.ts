/** The columns of the list of runs. What stands in them is drawn by `public/runs.js`. */
import type { Layout } from "./columns.ts";

const text = { usual: true, kind: "text" } as const;

export const RUN_COLUMNS: readonly Layout[] = [
  { id: "sign", title: "state", width: 16, worth: 9, usual: true, kind: "sign" },
  { ...text, id: "time", title: "time", width: 92, worth: 7 },
  { ...text, id: "client", title: "client", width: 130, worth: 3 },
  { id: "story", title: "story", width: 160, worth: 9, usual: true, kind: "story" },
  { ...text, id: "state", title: "state", width: 230, worth: 8 },
  { ...text, id: "calls", title: "calls", width: 190, worth: 2 },
  { ...text, id: "total", title: "total", width: 68, worth: 8, align: "end" },
  { ...text, id: "tokens", title: "tokens", width: 110, worth: 4, align: "end" },
  { ...text, id: "cost", title: "cost", width: 64, worth: 5, align: "end" },
  { ...text, id: "models", title: "models", width: 150, worth: 1, usual: false },
  { ...text, id: "servers", title: "servers", width: 120, worth: 1, usual: false },
  { ...text, id: "problems", title: "problems", width: 44, worth: 6, align: "end" },
];
