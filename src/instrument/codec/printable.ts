const NAMES: ReadonlyMap<number, string> = new Map([
  [0x02, "<STX>"],
  [0x03, "<ETX>"],
  [0x0a, "<LF>"],
  [0x0d, "<CR>"],
]);

/** Bytes as people read them in a message: "<STX>00S<ETX>", other control bytes in hexadecimal. */
export function printable(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) {
    const plain = byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : undefined;
    text += plain ?? NAMES.get(byte) ?? `<${byte.toString(16).padStart(2, "0").toUpperCase()}>`;
  }
  return text;
}
