// Bytes that are no text: sixteen a row with their characters, and pictures or sound to look at when asked.

/** @param {Uint8Array} bytes @param {number} row */
export function hexRow(bytes, row) {
  const some = bytes.subarray(row * 16, row * 16 + 16);
  let hex = "";
  let signs = "";
  for (let n = 0; n < 16; n++) {
    const byte = some[n];
    hex += byte === undefined ? "   " : `${byte.toString(16).padStart(2, "0")} `;
    if (n === 7) hex += " ";
    if (byte !== undefined) signs += byte >= 32 && byte < 127 ? String.fromCharCode(byte) : "·";
  }
  return `${(row * 16).toString(16).padStart(8, "0")}  ${hex} ${signs}`;
}

/** Null when these bytes are no UTF-8 text. @param {Uint8Array} bytes @returns {string | null} */
export function textOf(bytes) {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return text.includes("\0") ? null : text;
  } catch {
    return null;
  }
}

/** What a browser may show of bytes that a stranger sent: raster pictures and sound, by their first bytes. @type {[RegExp, string][]} */
const KINDS = [
  [/^\x89PNG\r\n/, "image/png"],
  [/^\xff\xd8\xff/, "image/jpeg"],
  [/^GIF8[79]a/, "image/gif"],
  [/^RIFF....WEBP/s, "image/webp"],
  [/^....ftypavif/s, "image/avif"],
  [/^RIFF....WAVE/s, "audio/wav"],
  [/^OggS/, "audio/ogg"],
  [/^fLaC/, "audio/flac"],
  [/^ID3|^\xff[\xf2\xf3\xfa\xfb]/, "audio/mpeg"],
];

/** @param {Uint8Array} bytes @returns {string | null} */
export function kindOf(bytes) {
  const start = String.fromCharCode(...bytes.subarray(0, 16));
  return KINDS.find(([looks]) => looks.test(start))?.[1] ?? null;
}

/** Null for what is not shown. @param {Uint8Array<ArrayBuffer>} bytes @param {string} label */
export function shownMedia(bytes, label) {
  const type = kindOf(bytes);
  if (type === null) return null;
  const address = URL.createObjectURL(new Blob([bytes], { type }));
  const it = document.createElement(type.startsWith("image/") ? "img" : "audio");
  if (it instanceof HTMLImageElement) it.alt = label;
  else Object.assign(it, { controls: true, ariaLabel: label });
  it.className = "shown-media";
  if (it instanceof HTMLImageElement) it.onload = it.onerror = () => URL.revokeObjectURL(address);
  it.src = address;
  return it;
}
