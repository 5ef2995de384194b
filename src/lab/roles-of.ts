import type { LoadedCampaign } from "./load-campaign.ts";
import { propertiesIn } from "./safety/rules.ts";
import { watchedInstruments } from "./watch/watched.ts";

/** The campaign's roles, and the instruments that only interlocks, alarms and rules of safety read, which have none. */
export function rolesOf({ campaign, lab, rules }: LoadedCampaign): Readonly<Record<string, string>> {
  const used = new Set(Object.values(campaign.roles));
  const read = [
    ...watchedInstruments(lab.interlocks.filter((each) => each.kind === "reading")),
    ...watchedInstruments(lab.alarms.readings.filter(({ off }) => off === undefined)),
    ...propertiesIn(rules).map(({ instrument }) => instrument),
  ];
  const others = [...new Set(read)].filter((name) => !used.has(name));
  const role = (name: string): string => (Object.hasOwn(campaign.roles, name) ? `${name} (lab)` : name);
  return { ...campaign.roles, ...Object.fromEntries(others.map((name) => [role(name), name])) };
}
