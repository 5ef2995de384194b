type Descriptors = Readonly<Record<string, readonly number[]>>;

/** Descriptors of Olympus: parameter, choice, name and value a line. */
export function choiceDescriptors(
  lines: readonly (readonly string[])[],
): Readonly<Record<string, Descriptors>> {
  const parameters = [...new Set(lines.map(([parameter = ""]) => parameter))];
  return Object.fromEntries(
    parameters.map((parameter) => {
      const own = lines.filter(([name]) => name === parameter);
      const choices = [...new Set(own.map(([, choice = ""]) => choice))];
      const names = [...new Set(own.map(([, , name = ""]) => name))];
      const valueOf = (choice: string, name: string): number =>
        Number(own.find((line) => line[1] === choice && line[2] === name)?.[3]);
      return [
        parameter,
        Object.fromEntries(choices.map((choice) => [choice, names.map((name) => valueOf(choice, name))])),
      ];
    }),
  );
}

/** Descriptors of EDBO: a molecule a line, its SMILES in one column; columns that hold a text somewhere are left out. */
export function wideDescriptors([header = [], ...lines]: readonly (readonly string[])[]): Descriptors {
  const smiles = header.findIndex((name) => name.endsWith("_SMILES"));
  const isNumber = (cell: string | undefined): boolean => cell !== "" && Number.isFinite(Number(cell));
  const numeric = header.flatMap((_, k) => (lines.every((line) => isNumber(line[k])) ? [k] : []));
  return Object.fromEntries(
    lines.map((line) => [line[smiles] as string, numeric.map((k) => Number(line[k]))]),
  );
}
