/** The edges that are part of a cycle, in alphabetical order. @example ['a -> b', 'b -> a'] */
export function edgesOfCycles(edges: Iterable<readonly [from: string, to: string]>): string[] {
  const targets = new Map<string, Set<string>>();
  for (const [from, to] of edges) {
    if (from !== to) targets.set(from, (targets.get(from) ?? new Set()).add(to));
  }
  const leadsTo = (from: string, to: string): boolean => {
    const seen = new Set<string>();
    const open = [from];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      if (node === to) return true;
      if (seen.has(node)) continue;
      seen.add(node);
      open.push(...(targets.get(node) ?? []));
    }
    return false;
  };
  return [...targets]
    .flatMap(([from, tos]) => [...tos].filter((to) => leadsTo(to, from)).map((to) => `${from} -> ${to}`))
    .toSorted();
}
