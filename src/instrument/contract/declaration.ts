/**
 * What happens when an action is carried out twice.
 *
 * - `read`: nothing changes, it may be repeated;
 * - `end-state`: it names the state afterwards ("be stopped"), it may be repeated;
 * - `once`: it may not be repeated (dispense, expose, move by).
 */
export type Effect = "read" | "end-state" | "once";

/** An argument that is a number with a unit; limits and resolution are in that unit. */
export interface NumberArgument {
  readonly kind: "number";
  readonly unit: string;
  readonly minimum?: number;
  readonly maximum?: number;
  /** Smallest step that the instrument can make. */
  readonly resolution?: number;
  /** Arguments are required unless this is false. */
  readonly required?: boolean;
  readonly description: string;
}

/** An argument that is one of a few words. */
export interface ChoiceArgument {
  readonly kind: "choice";
  readonly choices: readonly string[];
  /** Arguments are required unless this is false. */
  readonly required?: boolean;
  readonly description: string;
}

/** What an action takes. */
export type ArgumentDeclaration = NumberArgument | ChoiceArgument;

/** What an action gives back. */
export interface ReadingDeclaration {
  readonly unit: string;
  readonly description: string;
  /** Standard uncertainty of one reading, in its unit, where the manual gives one. */
  readonly noise?: number;
  /** Smallest difference that the instrument shows. */
  readonly resolution?: number;
}

/** One verb of an instrument. */
export interface ActionDeclaration {
  readonly description: string;
  readonly effect: Effect;
  readonly arguments: Readonly<Record<string, ArgumentDeclaration>>;
  readonly readings: Readonly<Record<string, ReadingDeclaration>>;
  /** How `settle` finds out whether the action happened, in words; only for effect `once`. */
  readonly resolves?: string;
}

/** A value that an instrument has between actions. */
export interface PropertyDeclaration {
  readonly unit: string;
  readonly description: string;
  readonly readable: boolean;
  readonly settable: boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly resolution?: number;
}

/** A setting of a driver, a simulated instrument or a simulated process in the lab file. */
export type SettingDeclaration =
  | {
      readonly kind: "number";
      readonly unit: string;
      readonly minimum?: number;
      readonly maximum?: number;
      readonly default?: number;
      readonly required?: boolean;
      readonly description: string;
    }
  | {
      readonly kind: "choice";
      readonly choices: readonly string[];
      readonly default?: string;
      readonly required?: boolean;
      readonly description: string;
    }
  | {
      readonly kind: "text";
      readonly default?: string;
      readonly required?: boolean;
      readonly description: string;
    };

/** An alarm that an instrument can raise, and what a person does about it. */
export interface AlarmDeclaration {
  readonly description: string;
  readonly advice: string;
}

/** How a serial line is set up. */
export interface LineSettings {
  readonly baudRate: number;
  readonly dataBits: 7 | 8;
  readonly parity: "none" | "even" | "odd";
  readonly stopBits: 1 | 2;
}

/** By whom a driver was tried: with the instrument itself, or with its simulated twin alone. */
export type Verification = "emulator only" | `on hardware ${string}`;

/** Everything about a kind of instrument that can be said without one: data, safe to print and to compare. */
export interface Declaration {
  /** Vendor and model as the driver's folder has them, such as "new-era/ne-1000". */
  readonly id: string;
  readonly title: string;
  /** Name and revision of the manual that the driver follows. */
  readonly manual: string;
  readonly verified: Verification;
  /** A serial instrument may also be reached over TCP, through a server that has its port. */
  readonly transport: "serial" | "tcp" | "program" | "mqtt" | "folder" | "person";
  /** For serial instruments. */
  readonly line?: LineSettings;
  readonly settings: Readonly<Record<string, SettingDeclaration>>;
  readonly properties: Readonly<Record<string, PropertyDeclaration>>;
  readonly actions: Readonly<Record<string, ActionDeclaration>>;
  readonly alarms: Readonly<Record<string, AlarmDeclaration>>;
}
