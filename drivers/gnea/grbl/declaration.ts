import {
  alarms,
  type Declaration,
  declare,
  endState,
  numberSetting,
  quantity,
  readable,
} from "labloop/instrument";

/** What went wrong with a line, by the number behind `error:` (grbl 1.1, error_codes_en_US.csv). */
export const ERRORS: Readonly<Record<string, string>> = {
  "1": "a letter is missing",
  "2": "a number is bad",
  "3": "the $ command is bad",
  "5": "homing is switched off",
  "8": "it isn't idle",
  "9": "it is locked by an alarm or a jog",
  "10": "soft limits need homing",
  "11": "the line is too long",
  "15": "the target is beyond the travel",
  "16": "the jog command is bad",
  "20": "the command isn't supported",
  "22": "there is no feed rate",
};

/** What stopped it, by the number behind `ALARM:`; after all but 2 the position is lost. */
export const ALARMS: Readonly<Record<string, string>> = {
  "1": "a limit switch was hit; the position is lost",
  "2": "the target is beyond the travel; the position is kept",
  "3": "it was reset while it moved; the position is lost",
  "4": "the probe wasn't in its first state",
  "5": "the probe didn't touch",
  "6": "homing was reset",
  "7": "the door opened while homing",
  "8": "homing could not leave the limit switch",
  "9": "homing did not find the limit switch",
  "10": "homing did not find the second switch",
};

const position = (axis: string) => readable("mm", `the machine position of ${axis}`);
const target = (axis: string) => quantity("mm", `machine position of ${axis}`, { resolution: 0.001 });
const feed = quantity("mm/min", "speed; the lab file's without it", {
  minimum: 1,
  maximum: 20_000,
  required: false,
});

/** What a three-axis stage with GRBL 1.1 does. */
export const DECLARATION: Declaration & { readonly transport: "serial" } = declare({
  id: "gnea/grbl",
  title: "Motion controller with GRBL 1.1",
  manual: "grbl 1.1 interface and command documentation",
  verified: "emulator only",
  transport: "serial",
  line: { baudRate: 115_200, dataBits: 8, parity: "none", stopBits: 1 },
  settings: {
    x: numberSetting("mm", "travel of x from its home at 0", { minimum: 1, default: 200 }),
    y: numberSetting("mm", "travel of y from its home at 0", { minimum: 1, default: 200 }),
    z: numberSetting("mm", "travel of z from its home at 0", { minimum: 1, default: 50 }),
    feed: numberSetting("mm/min", "speed of moves that name none", { minimum: 1, default: 1000 }),
  },
  properties: { x: position("x"), y: position("y"), z: position("z") },
  actions: {
    home: endState(
      "looks for the limit switches; until then nothing moves, since opening the port loses the position",
    ),
    "move-to": endState("goes to a machine position in a straight line", {
      arguments: { x: target("x"), y: target("y"), z: target("z"), feed },
    }),
    raster: endState(
      "goes over a rectangle from the present position, line by line, without a stop between lines",
      {
        arguments: {
          x: quantity("mm", "machine position of the corner", { resolution: 0.001 }),
          y: quantity("mm", "machine position of the corner", { resolution: 0.001 }),
          width: quantity("mm", "along x", { minimum: 0, resolution: 0.001 }),
          height: quantity("mm", "along y", { minimum: 0, resolution: 0.001 }),
          step: quantity("mm", "between lines", { minimum: 0.001, resolution: 0.001 }),
          feed,
        },
      },
    ),
    hold: endState("comes to rest and keeps its position"),
  },
  alarms: alarms(ALARMS, "look at the stage, free it, and home it"),
});
