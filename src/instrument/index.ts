/** The driver SDK: everything that a driver or a simulated instrument is made from. */
export { type Cancel, type Clock, deadline, type Interruption, sleep } from "../base/clock.ts";
export { describeFault, type Fault, nearestName } from "../base/fault.ts";
export { convert, convertDifference, formatQuantity, type Quantity } from "../base/quantity.ts";
export { type Random, randomStream } from "../base/random.ts";
export { type Pace, VirtualClock } from "../base/virtual-clock.ts";
export type { Decoder } from "./codec/codec.ts";
export { type Delimiter, delimited } from "./codec/delimited.ts";
export { fixedLength } from "./codec/fixed-length.ts";
export { type Frame, framed } from "./codec/framed.ts";
export { toBytes } from "./codec/latin1.ts";
export {
  crc16,
  type ModbusFraming,
  type ModbusMessage,
  modbusFrame,
  modbusMessages,
} from "./codec/modbus.ts";
export { commandText, numberText, parseNumber } from "./codec/number-text.ts";
export { printable } from "./codec/printable.ts";
export { parseQuantity } from "./codec/quantity-text.ts";
export { scpiBlock, scpiFloats, scpiMessages } from "./codec/scpi.ts";
export { busyFault } from "./contract/call-faults.ts";
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
  type ProbeContext,
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
  Sample,
  Settlement,
} from "./contract/instrument.ts";
export {
  type AnswerPort,
  defineProcess,
  type ElectricPort,
  type FlowPort,
  type LightPort,
  type MassPort,
  type MotionPort,
  NO_PROCESS,
  type PicturePort,
  type Port,
  type PortOf,
  type ProcessContext,
  type ProcessDefinition,
  type ProcessFact,
  portIfAny,
  portOf,
  type SimulatedProcess,
  type StirringPort,
  type ThermalPort,
  type ValvePort,
} from "./contract/process.ts";
export { checkReach, type Range, rangeOf } from "./contract/range.ts";
export { type GivenSettings, type ReadSettings, readSettings, type Settings } from "./contract/settings.ts";
export {
  type AnySimulator,
  type AttachContext,
  defineSimulator,
  type Misbehaviour,
  readTwinSettings,
  type SimulatedInstrument,
  type Simulator,
  TWIN_TROUBLES,
  type TwinTransports,
  type TwinTrouble,
  twinTroublesOf,
  WELL_BEHAVED,
} from "./contract/simulator.ts";
export { type Reach, reaching, taking } from "./device/acting.ts";
export { askNumber } from "./device/ask-number.ts";
export type {
  ActionBehaviour,
  Arguments,
  Behaviour,
  Emit,
  Given,
  StreamBehaviour,
} from "./device/behaviour.ts";
export { alarms, type Declaring, declare } from "./device/declare.ts";
export {
  choice,
  choiceSetting,
  numberSetting,
  quantity,
  readable,
  settable,
  textSetting,
} from "./device/declaring.ts";
export { endState, readOut } from "./device/declaring-actions.ts";
export { type DriverOver, defineDriverOver } from "./device/define-driver-over.ts";
export {
  type ByteTransport,
  defineLineDriver,
  type Framing,
  type LineDriver,
} from "./device/define-line-driver.ts";
export { defineScpiDriver, type ScpiBehaviour, type ScpiDriver } from "./device/define-scpi-driver.ts";
export type { Device, Patience, Reaching } from "./device/device.ts";
export type { AskOptions, LineDevice, TellOptions } from "./device/line-device.ts";
export { type ModbusUnit, modbusUnit, signed16 } from "./device/modbus-device.ts";
export { type Limits, narrowed } from "./device/narrowed.ts";
export type { Ending, Refusals } from "./device/refusals.ts";
export type { ScpiDevice } from "./device/scpi-device.ts";
export { Trouble } from "./device/trouble.ts";
export { type Quality, type Unusable, unusable, type Value } from "./device/value.ts";
export { type Connection, connectInstrument, type InstrumentRequest } from "./session/connect-instrument.ts";
export { type Emulation, type EmulationOptions, emulateOverPty, emulateOverTcp } from "./session/emulate.ts";
export { type ReconnectingOptions, reconnecting } from "./session/reconnecting.ts";
export {
  openSimulation,
  type Simulation,
  type SimulationOpened,
  type SimulationOptions,
  type TwinConnected,
  type TwinRequest,
} from "./session/simulation.ts";
export { answering } from "./testing/answering.ts";
export type { ByteStream } from "./transport/byte-stream.ts";
export { Deliveries, type Delivery } from "./transport/deliveries.ts";
export type { Folder, FoundFile } from "./transport/folder.ts";
export {
  type Exchange,
  type Line,
  type LineMessage,
  type LineOptions,
  type LineRequest,
  openLine,
  type Told,
} from "./transport/line.ts";
export { type MemoryBroker, openMemoryBroker } from "./transport/memory-broker.ts";
export { type MemoryFolder, memoryFolder } from "./transport/memory-folder.ts";
export { type MemoryLine, type MemoryLineOptions, memoryLine } from "./transport/memory-line.ts";
export { type Answering, type MemoryPerson, memoryPerson } from "./transport/memory-person.ts";
export { type BrokerOptions, connectBroker, type TopicsOpened } from "./transport/mqtt-broker.ts";
export type { SessionOptions } from "./transport/mqtt-client.ts";
export type { Asked, Person, PersonAnswer, PersonQuestion } from "./transport/person.ts";
export { parseStatus, type StatusMessage } from "./transport/presence.ts";
export { openSerial, type SerialOptions, type StreamOpened } from "./transport/serial.ts";
export { openTcp, type TcpOptions } from "./transport/tcp.ts";
export type {
  Accepted,
  LastWill,
  ProtocolVersion,
  PublishOptions,
  TopicClient,
  TopicMessage,
  TopicNetwork,
} from "./transport/topic-client.ts";
export {
  type TopicAnswered,
  type TopicRequest,
  TopicRequests,
  type TopicRequestsOptions,
} from "./transport/topic-requests.ts";
export { type Echo, withoutEcho } from "./transport/without-echo.ts";
