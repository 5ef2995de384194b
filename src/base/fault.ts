/** Where in a file something stands; line and column count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** What went wrong, as data: what happened, where, and what to do next. */
export interface Fault {
  /** Stable name, listed in docs/errors.md, such as "campaign.unknown-key". */
  readonly code: string;
  /** One sentence: what is wrong. */
  readonly message: string;
  /** One sentence: what to do next. */
  readonly advice?: string;
  readonly place?: Place;
}

/** A fault as people read it: `file:line:column: message` and the advice on a line of its own. */
export function describeFault(fault: Fault): string {
  const place = fault.place ? `${fault.place.file}:${fault.place.line}:${fault.place.column}: ` : "";
  const advice = fault.advice ? `\n  → ${fault.advice}` : "";
  return `${place}${fault.message}${advice} [${fault.code}]`;
}

/** The name in `names` that is nearest to `wrong`, if any is near enough to be a slip of the keyboard. */
export function nearestName(wrong: string, names: Iterable<string>): string | undefined {
  let best: string | undefined;
  // At least one letter has to be right: "x" is no slip for "y".
  let least = Math.min(wrong.length, Math.max(1, Math.floor(wrong.length / 3)) + 1);
  for (const name of names) {
    const distance = editDistance(wrong.toLowerCase(), name.toLowerCase());
    if (distance < least) {
      least = distance;
      best = name;
    }
  }
  return best;
}

/** Insertions, deletions, substitutions and swaps of neighbours that turn one text into the other. */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min(
        (last[j] as number) + 1,
        (row[j - 1] as number) + 1,
        (last[j - 1] as number) + same,
      );
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (before[j - 2] as number) + 1);
      }
      row.push(cost);
    }
    before = last;
    last = row;
  }
  return last[b.length] as number;
}
