/**
 * The row of a table of features that is nearest to a point; of equals the first.
 *
 * @param features - row after row, each as long as the point
 * @param rows - indices of the rows that are compared
 * @returns the row and its squared distance; undefined when there are no rows
 */
export function nearestRow(
  features: Float64Array,
  rows: Iterable<number>,
  point: Float64Array,
): { readonly row: number; readonly square: number } | undefined {
  const dimension = point.length;
  let nearest: { row: number; square: number } | undefined;
  for (const row of rows) {
    let square = 0;
    for (let k = 0; k < dimension; k++) {
      const apart = (features[row * dimension + k] as number) - (point[k] as number);
      square += apart * apart;
    }
    if (nearest === undefined || square < nearest.square) nearest = { row, square };
  }
  return nearest;
}
