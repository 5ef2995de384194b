import { readdir, realpath } from "node:fs/promises";
import type { Fault } from "../../base/fault.ts";

/** A serial port of this computer. */
export interface SerialPortInfo {
  readonly path: string;
  readonly manufacturer?: string;
  readonly serialNumber?: string;
  /** Four hexadecimal digits. */
  readonly vendorId?: string;
  /** Four hexadecimal digits. */
  readonly productId?: string;
}

/** A USB adapter, by what doesn't change when it is plugged in elsewhere. */
export interface UsbAdapter {
  readonly serialNumber?: string;
  /** Four hexadecimal digits. */
  readonly vendorId?: string;
  /** Four hexadecimal digits. */
  readonly productId?: string;
}

/** The one port behind an adapter, or why there is none. */
export type PortFound =
  | { readonly kind: "found"; readonly path: string }
  | { readonly kind: "failed"; readonly fault: Fault };

/** The serial ports that this computer has; without udev, what it has named below /dev/serial/by-id. */
export async function listSerialPorts(): Promise<SerialPortInfo[]> {
  const { SerialPort } = await import("serialport");
  const ports = await SerialPort.list().catch(() => undefined);
  if (ports === undefined) return portsById();
  return ports.map(({ path, manufacturer, serialNumber, vendorId, productId }) => ({
    path,
    ...(manufacturer === undefined ? {} : { manufacturer }),
    ...(serialNumber === undefined ? {} : { serialNumber }),
    ...(vendorId === undefined ? {} : { vendorId }),
    ...(productId === undefined ? {} : { productId }),
  }));
}

/** The port behind an adapter; that of none or of several is refused, since another instrument may be there. */
export async function findSerialPort(
  wanted: UsbAdapter,
  list: () => Promise<readonly SerialPortInfo[]> = listSerialPorts,
): Promise<PortFound> {
  const ports = await list();
  const found = ports.filter((port) =>
    (["serialNumber", "vendorId", "productId"] as const).every(
      (key) => wanted[key] === undefined || wanted[key].toLowerCase() === port[key]?.toLowerCase(),
    ),
  );
  const [only] = found;
  if (only !== undefined && found.length === 1) return { kind: "found", path: only.path };
  const what = Object.entries(wanted)
    .filter(([key]) => key === "serialNumber" || key === "vendorId" || key === "productId")
    .map(([key, value]) => `${key} ${value}`)
    .join(", ");
  const there = ports.map(({ path, serialNumber }) => `${path} (${serialNumber ?? "no serial number"})`);
  return {
    kind: "failed",
    fault: {
      code: "instrument.port-not-found",
      message: `${found.length === 0 ? "no" : "more than one"} USB adapter has ${what}; there are ${there.join(", ") || "none"}`,
      advice:
        found.length === 0
          ? "check that the adapter is plugged in"
          : "name the adapter by its serial number too, or the port by its path below /dev/serial/by-path",
    },
  };
}

const BY_ID = "/dev/serial/by-id";

async function portsById(): Promise<SerialPortInfo[]> {
  const names = await readdir(BY_ID).catch(() => []);
  return Promise.all(
    names.map(async (name) => {
      // usb-FTDI_FT232R_USB_UART_AB0JQ9XK-if00-port0
      const [, serialNumber] = /_([^_]+)-if\d+/.exec(name) ?? [];
      const path = await realpath(`${BY_ID}/${name}`);
      return { path, ...(serialNumber === undefined ? {} : { serialNumber }) };
    }),
  );
}
