/** "pump.dispense" taken apart; the schema has checked that there is one dot. */
export function action(written: string): { role: string; name: string } {
  const dot = written.indexOf(".");
  return { role: written.slice(0, dot), name: written.slice(dot + 1) };
}
