/** What names an exchange, a session, a run or a step in an address: what we make, and what files from elsewhere may bring. */
import { t } from "elysia";

export const Id = t.String({ pattern: "^[\\w.:-]{1,128}$", error: "id: letters, digits and - _ . : only" });
