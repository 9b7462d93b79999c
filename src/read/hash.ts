/** A short name of long texts, one after another. */

/** 64 bits by two multiplicative lanes: no secret, only few collisions. */
export function roll(before: string, atom: string): string {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  const whole = `${before}\u0000${atom}`;
  for (let i = 0; i < whole.length; i++) {
    const code = whole.charCodeAt(i);
    high = Math.imul(high ^ code, 2654435761);
    low = Math.imul(low ^ code, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return (high >>> 0).toString(16).padStart(8, "0") + (low >>> 0).toString(16).padStart(8, "0");
}
