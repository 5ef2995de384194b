/** Who has which role, by the names of the roles. */
export type Roles = Readonly<Record<string, readonly string[]>>;

/** Whether somebody is among those who may answer, by name or by role. */
export function mayAnswer(roles: Roles, by: readonly string[] | undefined, who: string): boolean {
  if (by === undefined || by.includes(who)) return true;
  return by.some((each) => Object.hasOwn(roles, each) && roles[each]?.includes(who));
}
