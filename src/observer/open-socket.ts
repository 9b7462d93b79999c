/** What the list learns of a WebSocket while it is open: it has said nothing yet when its head comes. */
import type { Exchange } from "../fact/exchange.ts";

/** Messages by which a socket has said who asks for what; to read on would cost more than it tells. */
const MOST_MESSAGES = 256;

/** After its 1st, 2nd, 4th, 8th … message: all looks together read each message about twice. */
export function isTimeToLook({ wire, request, response }: Exchange): boolean {
  const count = request.pieces.length + (response?.pieces.length ?? 0);
  return wire === "websocket" && count <= MOST_MESSAGES && (count & (count - 1)) === 0;
}

/** What is read of it. */
export function beginningOf(exchange: Exchange): Exchange {
  const { request, response } = exchange;
  return {
    ...exchange,
    request: { ...request, pieces: request.pieces.slice(0, MOST_MESSAGES) },
    response: response && { ...response, pieces: response.pieces.slice(0, MOST_MESSAGES) },
  };
}
