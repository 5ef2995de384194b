import {
  type Device,
  type Driver,
  declare,
  defineDriverOver,
  type Folder,
  type FoundFile,
  numberSetting,
  readOut,
} from "labloop/instrument";
import { type Colour, colourOf, pictureIn } from "./picture.ts";

/** Milliseconds between two looks into the folder; a file that hasn't grown in between is complete. */
const LOOK = 500;
/** Longest time that a picture may take to be written, in ms. */
const WRITING = 5000;
/** Longest file in bytes. */
const LONGEST = 64 * 1024 * 1024;
const PICTURE = /\.(png|ppm)$/i;
const share = (description: string, usual: number) =>
  numberSetting("1", description, { minimum: 0, maximum: 1, default: usual });
const channel = (name: string) => ({ unit: "1", description: `mean ${name} of the region, 0 to 255` });
const READINGS = {
  red: channel("red"),
  green: channel("green"),
  blue: channel("blue"),
  spread: { unit: "1", description: "standard deviation of the brightness in the region" },
};

const DECLARATION = declare({
  id: "labloop/folder-camera",
  title: "A camera that puts its pictures into a folder",
  manual: "PNG, and portable pixmap P6; the camera's own program or a person takes the pictures",
  verified: "emulator only",
  transport: "folder",
  settings: {
    left: share("left edge of the region, as a share of the width", 0.25),
    top: share("upper edge, as a share of the height", 0.25),
    width: share("width of the region, as a share", 0.5),
    height: share("height of the region, as a share", 0.5),
    patience: numberSetting("s", "how long a picture is waited for", { minimum: 1, default: 60 }),
  },
  actions: {
    next: readOut("waits for the next picture, and gives its colour", { readings: READINGS }),
    latest: readOut("gives the colour of the latest picture", { readings: READINGS }),
  },
});

/** Pictures that a person or another program puts into a folder. */
export const driver: Driver<"folder"> = defineDriverOver({
  declaration: DECLARATION,
  open: async (opening, folder) => {
    const { left, top, width, height, patience } = opening.settings as Record<string, number>;
    const region = { left, top, width, height } as {
      left: number;
      top: number;
      width: number;
      height: number;
    };
    const wait = (patience as number) * 1000;
    const read = async (file: FoundFile): Promise<Colour | undefined> => {
      const bytes = await folder.read(file.name, LONGEST);
      const picture = bytes === undefined ? undefined : pictureIn(bytes);
      return picture && colourOf(picture, region);
    };
    /** The newest may still be written. */
    const latest = async (device: Device): Promise<Colour> => {
      for (let left = WRITING / LOOK; ; left--) {
        const [file] = await pictures(folder);
        if (file === undefined)
          return device.fail(
            "instrument.no-answer",
            `there is no picture in ${folder.name}`,
            "let the camera take one",
          );
        const found = await read(file);
        if (found !== undefined) return found;
        if (left <= 0) return unreadable(device, file);
        await device.rest(LOOK);
      }
    };
    return {
      identity: { model: "camera of a folder" },
      actions: {
        next: {
          takes: () => wait / 2,
          perform: async (device) => {
            const before = new Set((await pictures(folder)).map(({ name }) => name));
            let seen: FoundFile | undefined;
            const file = await device.until(
              async () => {
                const newest = (await pictures(folder)).find(({ name }) => !before.has(name));
                const whole =
                  newest !== undefined &&
                  newest.size > 0 &&
                  newest.name === seen?.name &&
                  newest.size === seen.size;
                seen = newest;
                return whole ? newest : undefined;
              },
              { every: LOOK, within: wait, what: "the next picture" },
            );
            return { ...((await read(file)) ?? unreadable(device, file)) };
          },
        },
        latest: async (device) => ({ ...(await latest(device)) }),
      },
      check: async (device) => void (await latest(device)),
      // It moves nothing; that it can be seen is all that there is to read back.
      safe: async (device) => {
        await latest(device);
        return { pictures: (await pictures(folder)).length };
      },
    };
  },
});

function unreadable(device: Device, { name, size }: FoundFile): never {
  return device.fail(
    "instrument.unreadable-answer",
    `${name} is no picture; last message: ${size} bytes`,
    "let the camera write PNG with true colours",
  );
}

/** Pictures, the newest first. */
async function pictures(folder: Folder): Promise<FoundFile[]> {
  const files = (await folder.list()).filter(({ name }) => PICTURE.test(name));
  return files.sort((a, b) => b.modified - a.modified || (a.name < b.name ? 1 : -1));
}
