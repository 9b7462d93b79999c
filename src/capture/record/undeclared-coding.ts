/** A coding that a body has and its headers do not name: servers behind a careless gateway send such. */

/** By the first bytes (RFC 1952 2.3.1, RFC 8878 3.1.1); null for nearly all. Brotli has no such mark. */
export function undeclaredCoding(bytes: Uint8Array): "gzip" | "zstd" | "deflate" | null {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 0x08) return "gzip";
  const isZstd = bytes[0] === 0x28 && bytes[1] === 0xb5 && bytes[2] === 0x2f && bytes[3] === 0xfd;
  if (isZstd) return "zstd";
  // zlib (RFC 1950 2.2): no text in UTF-8 has a byte of that kind behind an x.
  return bytes[0] === 0x78 && (bytes[1] === 0x9c || bytes[1] === 0xda) ? "deflate" : null;
}
