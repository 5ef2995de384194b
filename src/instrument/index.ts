/** The driver SDK: everything that a driver or a simulated instrument is made from. */
export { type Cancel, type Clock, deadline, sleep } from "../base/clock.ts";
export { describeFault, type Fault, nearestName } from "../base/fault.ts";
export { convert, convertDifference, formatQuantity, type Quantity } from "../base/quantity.ts";
export { type Random, randomStream } from "../base/random.ts";
export { VirtualClock } from "../base/virtual-clock.ts";
export type { Decoder } from "./codec/codec.ts";
export { type Delimiter, delimited } from "./codec/delimited.ts";
export { type Frame, framed } from "./codec/framed.ts";
export { toBytes } from "./codec/latin1.ts";
export { printable } from "./codec/printable.ts";
export { type CallRequest, type CheckedCall, checkCall } from "./contract/check-call.ts";
export type {
  ActionDeclaration,
  AlarmDeclaration,
  ArgumentDeclaration,
  ChoiceArgument,
  Declaration,
  Effect,
  LineSettings,
  NumberArgument,
  PropertyDeclaration,
  ReadingDeclaration,
  SettingDeclaration,
  Verification,
} from "./contract/declaration.ts";
export {
  type AnyDriver,
  type ConnectContext,
  type Connected,
  type Driver,
  declarationFor,
  defineDriver,
  type TransportName,
  type Transports,
} from "./contract/driver.ts";
export type {
  Call,
  Check,
  Identity,
  Instrument,
  Outcome,
  PropertyValue,
  Readings,
  SafeState,
  Settlement,
} from "./contract/instrument.ts";
export {
  defineProcess,
  type FlowPort,
  flowPort,
  type LightPort,
  lightPort,
  type Port,
  type ProcessContext,
  type ProcessDefinition,
  type ProcessFact,
  type SimulatedProcess,
} from "./contract/process.ts";
export { checkReach, type Range, rangeOf } from "./contract/range.ts";
export { type GivenSettings, type ReadSettings, readSettings, type Settings } from "./contract/settings.ts";
export {
  type AnySimulator,
  type AttachContext,
  defineSimulator,
  type SimulatedInstrument,
  type Simulator,
} from "./contract/simulator.ts";
export { type Connection, connectInstrument, type InstrumentRequest } from "./session/connect-instrument.ts";
export {
  openSimulation,
  type Simulation,
  type SimulationOpened,
  type SimulationOptions,
  type TwinConnected,
  type TwinRequest,
} from "./session/simulation.ts";
export { type ContractCase, type ContractSubject, driverContract } from "./testing/driver-contract.ts";
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
} from "./testing/faulty-line.ts";
export { recorded } from "./testing/recorded.ts";
export type { ByteStream } from "./transport/byte-stream.ts";
export { type Exchange, type Line, type LineOptions, type LineRequest, openLine } from "./transport/line.ts";
export { type MemoryBroker, openMemoryBroker } from "./transport/memory-broker.ts";
export { type MemoryLine, type MemoryLineOptions, memoryLine } from "./transport/memory-line.ts";
export { type BrokerOptions, connectBroker, type TopicsOpened } from "./transport/mqtt-broker.ts";
export { openSerial, type SerialOptions, type StreamOpened } from "./transport/serial.ts";
export type { Accepted, PublishOptions, TopicClient, TopicMessage } from "./transport/topic-client.ts";
