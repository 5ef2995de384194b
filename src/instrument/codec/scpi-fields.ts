/** Beyond this a number says overload or "not a number", with both signs (SCPI-99, 9.9E37 and 9.91E37). */
export const SENTINEL = 9e37;

/** Text of a response message. */
export function scpiText(message: Uint8Array): string {
  return String.fromCharCode(...message);
}

/** The fields of a response message: commas part them, but not inside quotation marks. */
export function scpiFields(message: Uint8Array): string[] {
  return scpiText(message).match(/("[^"]*"|[^,"])+/g) ?? [];
}
