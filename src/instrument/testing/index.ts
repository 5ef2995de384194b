/** Tests for drivers: the contract that every instrument keeps, faults on its line, clocks that don't wait. */
export { type ContractCase, type ContractSubject, driverContract } from "./driver-contract.ts";
export {
  delaying,
  dropping,
  garbling,
  type Hits,
  type LineFault,
  losingRequests,
  repeating,
  splitting,
  withFaults,
} from "./faulty-line.ts";
export {
  type ContractDescription,
  inMemory,
  instrumentContract,
  type Over,
  oversOf,
} from "./instrument-contract.ts";
export {
  LINE_TROUBLES,
  type LineTrouble,
  type TroubleContext,
  withTrouble,
} from "./line-troubles.ts";
export { recorded } from "./recorded.ts";
export { ScaledClock } from "./scaled-clock.ts";
export { TOPIC_TROUBLES, type TopicTrouble, withTopicTrouble } from "./topic-troubles.ts";
