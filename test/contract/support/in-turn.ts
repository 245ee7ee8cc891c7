/** The `count` inputs of this turn, round-robin. */
export function inTurn<T>(inputs: readonly T[], count: number, turn: number): T[] {
  return Array.from({ length: count }, (_, index) => inputs[(turn * count + index) % inputs.length]!);
}

/**
 * Distributes inputs in groups whose items share the code under test: the group covers each input, and each item gets
 * at least `least` of them.
 * @param inputsFor the inputs for an item, of equal number within a group
 */
export function distribute<Item, T>(
  items: readonly Item[],
  groupOf: (item: Item) => string,
  inputsFor: (item: Item) => readonly T[],
  least: number,
): ReadonlyMap<Item, T[]> {
  const groups = [...Map.groupBy(items, groupOf).values()];
  const distributed = groups.flatMap((group) =>
    group.map((item, turn): [Item, T[]] => {
      const inputs = inputsFor(item);
      const count = Math.max(least, Math.ceil(inputs.length / group.length));
      return [item, inTurn(inputs, Math.min(inputs.length, count), turn)];
    }),
  );
  return new Map(distributed);
}
