import { createRequire } from "node:module";

/** What is used of the package openchemlib, which users install when they need it. */
interface OpenChemLib {
  readonly Molecule: {
    fromSmiles(smiles: string): { getAllAtoms(): number; getIndex(): readonly number[] };
  };
}

/** Fingerprints of molecules, or why there are none. */
export type FingerprintReading =
  /** One a molecule, in 16 words of 32 bits: which of 512 fragments it has. */
  | { readonly kind: "fingerprints"; readonly fingerprints: readonly (readonly number[])[] }
  | { readonly kind: "not installed" }
  | { readonly kind: "no molecule"; readonly index: number; readonly why: string };

/**
 * Fingerprints of molecules: the fragments of OpenChemLib that each contains.
 *
 * @param load - gives the package openchemlib; throws when it isn't installed
 */
export function fingerprintsOf(
  smiles: readonly string[],
  load: () => unknown = installed,
): FingerprintReading {
  let library: OpenChemLib;
  try {
    library = load() as OpenChemLib;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND") throw error;
    return { kind: "not installed" };
  }
  const fingerprints: (readonly number[])[] = [];
  for (const [index, text] of smiles.entries()) {
    try {
      const molecule = library.Molecule.fromSmiles(text);
      if (molecule.getAllAtoms() === 0) return { kind: "no molecule", index, why: "it has no atoms" };
      fingerprints.push([...molecule.getIndex()]);
    } catch (error) {
      return { kind: "no molecule", index, why: reasonOf(error) };
    }
  }
  return { kind: "fingerprints", fingerprints };
}

function installed(): unknown {
  return createRequire(import.meta.url)("openchemlib");
}

/** What the library says, without the names of its classes. */
function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/^(?:[\w$]+: )+/, "").trim() || "it can't be read";
}
