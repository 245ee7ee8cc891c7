import { Button } from '@mantine/core';
import { lazy, Suspense, useLayoutEffect, useState } from 'react';
import type { BulkAction } from '../api/bulk';
import type { KeySummary } from '../api/wire';
import { ClockIcon, CloseIcon, ResumeIcon, RevokeIcon, SuspendIcon } from '../shell/icons';
import { count, counted } from '../text/numbers';
import { ACTION_WORDS } from './action-words';
import classes from './bulk-bar.module.css';
import type { Selection } from './use-selection';

const ChangeKeysDialog = lazy(() => import('./change-keys-dialog'));
const ICONS = { suspend: SuspendIcon, resume: ResumeIcon, set_expiry: ClockIcon, revoke: RevokeIcon } as const;

interface Props {
  readonly keys: readonly KeySummary[];
  readonly selection: Selection;
  readonly actions: readonly BulkAction[];
}

interface Change {
  readonly action: BulkAction;
  readonly keys: readonly KeySummary[];
}

/** What can be done with the selected keys. It stands before the table, so that the keyboard reaches it. */
export function BulkBar({ keys, selection: { ids, set }, actions }: Props) {
  const [change, setChange] = useState<Change>();
  const isShown = ids.size > 0;
  // Before the bar is painted, so that no key press is lost.
  useLayoutEffect(() => {
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
            {ids.size < keys.length && (
              <button type="button" className={classes['all']} onClick={() => set(keys.map(({ id }) => id))}>
                Select all {count(keys.length)}
              </button>
            )}
            {actions.map((action) => (
              <ActionButton
                key={action}
                action={action}
                onClick={() => setChange({ action, keys: keys.filter(({ id }) => ids.has(id)) })}
              />
            ))}
            <button type="button" className={classes['close']} onClick={() => set([])}>
              <CloseIcon size={16} />
              <span className="visually-hidden">Clear the selection</span>
            </button>
          </div>
        )}
      </div>
      {change && (
        <Suspense>
          <ChangeKeysDialog
            {...change}
            onClose={() => setChange(undefined)}
            onDone={() => {
              setChange(undefined);
              set([]);
            }}
          />
        </Suspense>
      )}
    </>
  );
}

function ActionButton({ action, onClick }: { readonly action: BulkAction; readonly onClick: () => void }) {
  const Icon = ICONS[action];
  return (
    <Button
      size="xs"
      variant={action === 'revoke' ? 'light' : 'default'}
      {...(action === 'revoke' && { color: 'red' })}
      leftSection={<Icon size={14} />}
      onClick={onClick}
    >
      {ACTION_WORDS[action].verb}…
    </Button>
  );
}
