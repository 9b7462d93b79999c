/** Lines of a session from exchanges that are on disk. */
import type { Exchange } from "../../fact/exchange.ts";
import { httpMachine } from "./http.ts";
import type { HttpLine } from "./http-line.ts";

/** All lines of an exchange as far as it came. Times are those of the pieces. */
export function httpLines(exchange: Exchange): HttpLine[] {
  const machine = httpMachine({ ...exchange, headers: exchange.request.headers });
  const lines: HttpLine[] = [];
  const add = (more: HttpLine[]) => more.forEach((line) => lines.push(line));
  for (const { bytes, t } of exchange.request.pieces) add(machine.client(bytes, t));
  const { response, close } = exchange;
  if (response) {
    add(machine.head(response.status, response.headers, response.ttfb));
    for (const { bytes, t } of response.pieces) add(machine.server(bytes, t));
  }
  for (const { from, lost } of exchange.gaps) if (from !== "stderr") machine.lost(from, lost);
  if (close) add(machine.close(close));
  return lines;
}

/** Lines with everything that a session file has, for one exchange or for several of the same session. */
export function sessionLines(session: string, exchanges: readonly Exchange[]): Record<string, unknown>[] {
  const start = exchanges[0]?.at ?? 0;
  return exchanges
    .flatMap((exchange) => httpLines(exchange).map(({ t, body }) => ({ t: exchange.at - start + t, body })))
    .toSorted((a, b) => a.t - b.t)
    .map(({ t, body }, n) => ({
      session_id: session,
      timestamp: new Date(start + t).toISOString(),
      seq: n + 1,
      t_ms: t,
      ...body,
    }));
}
