import type { ContractDescription } from "labloop/instrument/testing";
import { included } from "../../src/lab/driver-registry.ts";

/** A driver by the name of its folder, with what it is tried with. */
export interface Subject {
  readonly id: string;
  readonly description: ContractDescription;
}

/** Every driver that comes with labloop. */
export const subjects: readonly Subject[] = await Promise.all(
  included("driver").map(async (id) => {
    const module: { subject: ContractDescription } = await import(`./subjects/${id.replace("/", ".")}.ts`);
    return { id, description: module.subject };
  }),
);
