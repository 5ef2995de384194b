import {
  type Driver,
  declare,
  defineScpiDriver,
  endState,
  numberSetting,
  quantity,
  readOut,
  type ScpiDevice,
  taking,
  unusable,
  type Value,
} from "labloop/instrument";

/** Counts at which a detector of 16 bits is full. */
const FULL = 65535;
/** Least counts of the reference, above the dark, from which an absorbance can be told. */
const LEAST = 50;
/** nm */
const wavelength = (what: string) => quantity("nm", what, { minimum: 200, maximum: 1100 });

const DECLARATION = declare({
  id: "labloop/uv-vis",
  title: "UV-vis spectrometer over TCP (SCPI, spectra as definite-length blocks)",
  manual: "docs/reference/uv-vis-protocol.md",
  verified: "emulator only",
  transport: "tcp",
  settings: {
    integration: numberSetting("ms", "integration time of a spectrum", {
      minimum: 1,
      maximum: 10_000,
      default: 50,
    }),
    averages: numberSetting("1", "spectra that are averaged", { minimum: 1, maximum: 1000, default: 4 }),
  },
  actions: {
    dark: endState("takes the dark spectrum, with the lamp's shutter closed"),
    reference: endState("takes the spectrum of the blank"),
    absorbance: readOut(
      "takes a spectrum, and gives the absorbance at a wavelength and at the highest peak",
      {
        arguments: {
          wavelength: wavelength("at which the absorbance is given"),
          from: { ...wavelength("lower end of the range in which the peak is looked for"), required: false },
          to: { ...wavelength("upper end of that range"), required: false },
        },
        readings: {
          absorbance: {
            unit: "AU",
            description: "at the wavelength; absent where the detector is full or dark",
          },
          peak: { unit: "nm", description: "wavelength of the highest absorbance" },
          "peak-absorbance": { unit: "AU", description: "there" },
        },
      },
    ),
  },
});

/** A UV-vis spectrometer that sends its spectra as blocks of 32-bit floats. */
export const driver: Driver<"tcp"> = defineScpiDriver({
  declaration: DECLARATION,
  model: /UV-VIS/i,
  open: async (opening) => {
    const { integration, averages } = opening.settings;
    const takes = (integration as number) * (averages as number);
    const setUp = async (device: ScpiDevice): Promise<void> => {
      await device.poweredOn();
      await device.command(`SENS:INT ${integration}`);
      await device.command(`SENS:AVER ${averages}`);
    };
    await setUp(opening);
    const axis = await opening.floats("CAL:WAV?", 5000);
    let dark: Float32Array | undefined;
    let reference: Float32Array | undefined;
    const take = async (device: ScpiDevice): Promise<Float32Array> => {
      const counts = await device.floats("READ:SPEC?", 2 * takes + 5000);
      if (counts.length !== axis.length)
        device.fail(
          "instrument.unreadable-answer",
          `a spectrum has ${counts.length} points, not ${axis.length}; last message: a block`,
          "connect again",
        );
      if (await device.poweredOn()) {
        dark = undefined;
        reference = undefined;
        await setUp(device);
        device.wrongState(
          "its power was interrupted, and what it was set to is lost",
          "take `dark` and `reference` again",
        );
      }
      return counts;
    };
    const shutter = async (device: ScpiDevice, open: 0 | 1): Promise<void> => {
      await device.command(`LAMP:SHUT ${open}`);
      if ((await device.isOn("LAMP:SHUT?")) !== (open === 1))
        device.notSet("the shutter doesn't move", "check the lamp");
    };
    return {
      actions: {
        dark: taking(takes + 500, async (device) => {
          device.begin();
          await shutter(device, 0);
          dark = await take(device);
          await shutter(device, 1);
        }),
        reference: taking(takes + 500, async (device) => {
          device.begin();
          await shutter(device, 1);
          reference = await take(device);
        }),
        absorbance: taking(takes + 500, async (device, { wavelength: at, from = 200, to = 1100 }) => {
          if (dark === undefined || reference === undefined)
            return device.wrongState(
              "it has no dark or no reference spectrum",
              "take `dark` and `reference` first",
            );
          const absorbances = absorbanceOf(await take(device), { dark, reference });
          const points = [...axis.keys()];
          const nm = (i: number): number => axis[i] as number;
          const wanted = indexOfMost(points, (i) => -Math.abs(nm(i) - (at as number))) as number;
          const range = points.filter((i) => nm(i) >= (from as number) && nm(i) <= (to as number));
          const peak = indexOfMost(range, (i) => absorbances[i] ?? -Infinity) ?? wanted;
          const given = (i: number): Value => absorbances[i] ?? unusable("saturated");
          return { absorbance: given(wanted), peak: nm(peak), "peak-absorbance": given(peak) };
        }),
      },
      safe: async (device) => {
        await shutter(device, 0);
        return { shutter: "closed" };
      },
    };
  },
});

/** A = −log10((sample − dark) / (reference − dark)); undefined where the detector is full or nothing is to be seen. */
function absorbanceOf(
  sample: Float32Array,
  { dark, reference }: { dark: Float32Array; reference: Float32Array },
): (number | undefined)[] {
  return [...sample].map((counts, i) => {
    const blank = (reference[i] as number) - (dark[i] as number);
    const light = counts - (dark[i] as number);
    if (counts >= FULL || (reference[i] as number) >= FULL || blank < LEAST || light <= 0) return undefined;
    return -Math.log10(light / blank);
  });
}

/** The first index of the highest score; undefined when there are no indices. */
function indexOfMost(indices: readonly number[], score: (index: number) => number): number | undefined {
  const [first, ...others] = indices;
  return others.reduce((best, i) => (score(i) > score(best as number) ? i : best), first);
}
