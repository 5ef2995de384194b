/**
 * A four-digit mark of a command, 1 … 9999, that the pump keeps as the volume of a program phase which never
 * runs. It tells, after a crash, whether the pump's counter belongs to this command. One in 9999 commands
 * shares its mark with the one before it, where a crash in the instant before the counter is cleared would be
 * taken for a command that was done.
 */
export function commandMark(key: string): number {
  // FNV-1a, 32 bits.
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  return ((hash >>> 0) % 9999) + 1;
}
