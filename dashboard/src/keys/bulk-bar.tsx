import { Button } from '@mantine/core';
import { lazy, Suspense, useEffect, useState } from 'react';
import type { KeySummary } from '../api/wire';
import { CloseIcon, RevokeIcon } from '../shell/icons';
import { counted } from '../text/numbers';
import classes from './bulk-bar.module.css';
import type { Selection } from './use-selection';

const RevokeKeysDialog = lazy(() => import('./revoke-keys-dialog'));

interface Props {
  readonly keys: readonly KeySummary[];
  readonly selection: Selection;
}

/** What can be done with the selected keys. It stands before the table, so that the keyboard reaches it. */
export function BulkBar({ keys, selection: { ids, set } }: Props) {
  const [revoked, setRevoked] = useState<readonly KeySummary[]>();
  const isShown = ids.size > 0;
  useEffect(() => {
    if (!isShown) return;
    const clear = (event: KeyboardEvent) => {
      // Escape also closes a dialog or a menu above the list.
      if (event.key === 'Escape' && !event.defaultPrevented && !document.querySelector('[role=dialog], [role=menu]'))
        set([]);
    };
    addEventListener('keydown', clear);
    return () => removeEventListener('keydown', clear);
  }, [isShown, set]);
  return (
    <>
      <div className={classes['place']} aria-live="polite">
        {isShown && (
          <div className={classes['bar']}>
            <span className="number">{counted(ids.size, 'key')} selected</span>
            <Button
              size="xs"
              color="red"
              variant="light"
              leftSection={<RevokeIcon size={14} />}
              onClick={() => setRevoked(keys.filter(({ id }) => ids.has(id)))}
            >
              Revoke…
            </Button>
            <button type="button" className={classes['close']} onClick={() => set([])}>
              <CloseIcon size={16} />
              <span className="visually-hidden">Clear the selection</span>
            </button>
          </div>
        )}
      </div>
      {revoked && (
        <Suspense>
          <RevokeKeysDialog
            keys={revoked}
            onClose={() => setRevoked(undefined)}
            onRevoked={() => {
              setRevoked(undefined);
              set([]);
            }}
          />
        </Suspense>
      )}
    </>
  );
}
