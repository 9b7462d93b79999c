/** The name of a run that nothing tells but the chain of its requests: that of its first exchange. */
const CHAIN = "chain-";

export function chainOf(exchange: string): string {
  return CHAIN + exchange;
}

/** The exchange that a chain is named by; null for what is called otherwise. */
export function firstOfChain(run: string): string | null {
  return run.startsWith(CHAIN) ? run.slice(CHAIN.length) : null;
}
