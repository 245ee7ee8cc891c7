/** `count` of the inputs: the next ones at each turn, from the first again after the last. */
export function inTurn<T>(inputs: readonly T[], count: number, turn: number): T[] {
  return Array.from({ length: count }, (_, index) => inputs[(turn * count + index) % inputs.length]!);
}

/**
 * For inputs that the same code judges for all items of a group: the group meets each input, and each item meets some
 * of them in turn, `least` or more.
 * @param inputsFor the inputs for an item, as many for each item of a group
 */
export function dealt<Item, T>(
  items: readonly Item[],
  groupOf: (item: Item) => string,
  inputsFor: (item: Item) => readonly T[],
  least: number,
): ReadonlyMap<Item, T[]> {
  const groups = [...Map.groupBy(items, groupOf).values()];
  const hands = groups.flatMap((group) =>
    group.map((item, turn): [Item, T[]] => {
      const inputs = inputsFor(item);
      const count = Math.max(least, Math.ceil(inputs.length / group.length));
      return [item, inTurn(inputs, Math.min(inputs.length, count), turn)];
    }),
  );
  return new Map(hands);
}
