/** What a campaign wants of a lab that it shares with others, and what it had of it so far. */
export interface Claim {
  readonly id: string;
  /** Names of the instruments and resources that its experiments use. */
  readonly uses: readonly string[];
  /** Greater goes first. */
  readonly priority: number;
  /** Time that it is due beside the others, above 0. */
  readonly share: number;
  /** Milliseconds for which it has kept what it uses from the others. */
  readonly used: number;
  /** Place in the order in which they asked. */
  readonly asked: number;
  /** A lease; one within moments, for which its place is kept; or nothing. */
  readonly wants: "lease" | "soon" | "nothing";
  /** Leases that it holds. */
  readonly holds: number;
  /** Leases that it was given since it last held none. */
  readonly turn: number;
  /** Experiments that it may have under way at a time. */
  readonly atOnce: number;
}

/**
 * Who is given a lease. A lease covers all that a campaign uses or nothing of it, and a campaign shares what it holds with
 * nobody but itself. Nobody is given what a campaign before it waits for: so whoever is first gets all of it as soon as
 * those have ended that have it now.
 *
 * @param claims - of all campaigns on the lab
 * @param kept - what nobody may use, since it is being made safe
 * @returns ids, each of which is to be given one
 */
export function whoseTurn(claims: readonly Claim[], kept: readonly string[] = []): readonly string[] {
  const taken = new Map<string, string>(kept.map((name) => [name, ""]));
  for (const { id, uses, holds } of claims) if (holds > 0) for (const name of uses) taken.set(name, id);
  const wanted = new Set<string>();
  const given: string[] = [];
  for (const { id, uses, wants } of claims.filter((each) => each.wants !== "nothing").sort(before)) {
    const isFree = uses.every((name) => (taken.get(name) ?? id) === id && !wanted.has(name));
    if (isFree && wants === "lease") given.push(id);
    for (const name of uses) wanted.add(name);
  }
  return given;
}

/**
 * Who is before whom: by priority; then who is in a turn, which lasts for as many experiments as it may have at once; then by
 * the time used for each part of its share; then by who asked first.
 */
function before(a: Claim, b: Claim): number {
  return (
    b.priority - a.priority ||
    Number(isInTurn(b)) - Number(isInTurn(a)) ||
    a.used / a.share - b.used / b.share ||
    a.asked - b.asked
  );
}

/** Experiments that overlap share what takes long, such as waiting: a turn of one would leave nothing of that. */
function isInTurn({ holds, turn, atOnce }: Claim): boolean {
  return holds > 0 && turn < atOnce;
}
