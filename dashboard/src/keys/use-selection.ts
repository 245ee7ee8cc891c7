import { useCallback, useMemo, useRef, useState } from 'react';

export interface Selection {
  readonly ids: ReadonlySet<string>;
  /** @param isRange whether every key since the last click gets the same state (Shift-click) */
  readonly toggle: (id: string, isRange: boolean) => void;
  readonly set: (ids: readonly string[]) => void;
}

const NONE: ReadonlySet<string> = new Set();

/** The selected ones of the listed keys. Keys that a filter hides are not selected: what can't be seen can't be revoked. */
export function useSelection(listed: readonly { readonly id: string }[]): Selection {
  const [selected, setSelected] = useState(NONE);
  const last = useRef<string>(undefined);

  const ids = useMemo(() => {
    if (selected.size === 0) return NONE;
    return new Set(listed.flatMap(({ id }) => (selected.has(id) ? [id] : [])));
  }, [listed, selected]);
  const toggle = useCallback(
    (id: string, isRange: boolean) => {
      const touched = between(listed, (isRange ? last.current : undefined) ?? id, id);
      last.current = id;
      setSelected((before) => {
        if (!before.has(id)) return new Set([...before, ...touched]);
        const removed = new Set(touched);
        return new Set([...before].filter((each) => !removed.has(each)));
      });
    },
    [listed],
  );
  const set = useCallback((chosen: readonly string[]) => {
    last.current = undefined;
    setSelected(chosen.length === 0 ? NONE : new Set(chosen));
  }, []);
  return { ids, toggle, set };
}

function between(listed: readonly { readonly id: string }[], one: string, other: string): string[] {
  const places = [one, other].map((id) => listed.findIndex((key) => key.id === id));
  if (places.includes(-1)) return [other];
  return listed.slice(Math.min(...places), Math.max(...places) + 1).map(({ id }) => id);
}
