/** Opens a wire to an upstream, whichever version of HTTP it speaks: 1.1 where it does, 2 where it speaks that alone. */
import { dial, type Address, type Network, type WireEvents } from "../dial.ts";
import { Http2Wire } from "./bridge.ts";

/** More upstreams than anybody has; beyond it they are asked again what they speak. */
const MOST_KNOWN = 1000;

/** Returns how to give up before `open` or `failed` was told. */
export function reach(address: Address, network: Network, events: WireEvents): () => void {
  const name = `${address.host}:${address.port}`;
  if (network.http2.has(name)) {
    return or(
      "ALPN",
      events,
      (other) => dialHttp2(address, network, other),
      () => {
        network.http2.delete(name);
        return reach(address, network, events);
      },
    );
  }
  return or(
    "ALPN",
    events,
    (other) => dial(address, network, "http/1.1", other),
    () => {
      if (network.http2.size >= MOST_KNOWN) network.http2.clear();
      network.http2.add(name);
      return dialHttp2(address, network, events);
    },
  );
}

/** Dials, and when that fails with this code, dials in another way. */
function or(
  code: string,
  events: WireEvents,
  first: (events: WireEvents) => () => void,
  second: () => () => void,
): () => void {
  let giveUp = first({
    ...events,
    failed(failure, message) {
      if (failure === code) giveUp = second();
      else events.failed(failure, message);
    },
  });
  return () => giveUp();
}

function dialHttp2(address: Address, network: Network, events: WireEvents): () => void {
  let bridge: Http2Wire | null = null;
  return dial(address, network, "h2", {
    open(wire, protocol) {
      bridge = new Http2Wire(wire, address, events);
      events.open(bridge, protocol);
    },
    failed: events.failed,
    data: (bytes) => bridge?.socket.data(bytes),
    drain: () => bridge?.socket.drain(),
    end: () => bridge?.socket.ended(),
    close: (error) => bridge?.socket.destroy(error ?? undefined),
  });
}
