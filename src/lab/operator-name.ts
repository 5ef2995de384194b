/** Who runs this process. */
export function operatorName(): string {
  return process.env["USER"] ?? "operator";
}
