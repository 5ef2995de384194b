import {
  defineProcess,
  numberSetting,
  type ProcessDefinition,
  type SimulatedProcess,
} from "labloop/instrument";

/** Where the spots of the sample lie, in mm, how wide they are, and their colour. */
export const STAGE_CAMERA_TRUTH = {
  spots: [
    { x: 42, y: 63, width: 6, rgb: [220, 60, 50] },
    { x: 120, y: 30, width: 12, rgb: [60, 170, 90] },
    { x: 150, y: 140, width: 9, rgb: [70, 90, 210] },
  ],
  background: [235, 235, 228],
} as const;

/** Pixels of the picture, and mm between two of them. */
const WIDTH = 64;
const HEIGHT = 48;
const PIXEL = 0.25;

/** A sample on a stage under a camera. */
export interface StageCamera extends SimulatedProcess {
  /** mm of what is below the middle of the camera. */
  position(): readonly number[];
}

/** Coloured spots on a plate that a stage moves under a camera. Ports: motion `stage`, picture `camera`. */
export const process: ProcessDefinition<StageCamera> = defineProcess({
  id: "stage-camera",
  settings: { noise: numberSetting("1", "standard deviation of a pixel", { minimum: 0, default: 2 }) },
  create({ settings, random }) {
    const pixels = random("camera");
    const noise = settings["noise"] as number;
    let position: readonly number[] = [0, 0, 0];
    return {
      ports: {
        stage: {
          kind: "motion",
          moveTo: (there) => {
            position = [...there];
          },
        },
        camera: {
          kind: "picture",
          picture: () => {
            const rgb = new Uint8Array(WIDTH * HEIGHT * 3);
            const [left = 0, top = 0] = position;
            for (let y = 0; y < HEIGHT; y++)
              for (let x = 0; x < WIDTH; x++) {
                const seen = colourAt(left + (x - WIDTH / 2) * PIXEL, top + (y - HEIGHT / 2) * PIXEL);
                for (const [i, value] of seen.entries())
                  rgb[(y * WIDTH + x) * 3 + i] = Math.max(
                    0,
                    Math.min(255, Math.round(value + noise * pixels.normal())),
                  );
              }
            return { width: WIDTH, height: HEIGHT, rgb };
          },
        },
      },
      facts: () => [],
      position: () => position,
    };
  },
});

/** Red, green and blue of the plate at a place in mm. */
export function colourAt(x: number, y: number): number[] {
  const { background, spots } = STAGE_CAMERA_TRUTH;
  return background.map((ground, i) =>
    spots.reduce((value, spot) => {
      const near = Math.exp(-((x - spot.x) ** 2 + (y - spot.y) ** 2) / (2 * spot.width ** 2));
      return value + near * ((spot.rgb[i] as number) - value);
    }, ground as number),
  );
}
