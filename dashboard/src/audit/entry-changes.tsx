import { Button } from '@mantine/core';
import { useState } from 'react';
import type { AuditEntry } from '../api/wire';
import classes from './audit-table.module.css';
import { fieldWords, isEmpty, isSaidElsewhere, valueWords } from './audit-words';

const SHOWN_MAX = 4;

/** The old and new value of each changed field. */
export function EntryChanges({ changes }: { readonly changes: NonNullable<AuditEntry['changes']> }) {
  const [isWhole, setWhole] = useState(false);
  const fields = Object.entries(changes).filter(([field, change]) => !isSaidElsewhere(field, change, changes));
  if (fields.length === 0) return null;
  const shown = isWhole ? fields : fields.slice(0, SHOWN_MAX);
  return (
    <>
      <ul className={classes['changes']}>
        {shown.map(([field, { before, after }]) => (
          <li key={field}>
            <span className={classes['field']}>{fieldWords(field)}:</span>{' '}
            {!isEmpty(before) && valueWords(field, before) !== valueWords(field, after) && (
              <>
                <del className={classes['before']}>{valueWords(field, before)}</del> →{' '}
              </>
            )}
            <ins>{valueWords(field, after)}</ins>
          </li>
        ))}
      </ul>
      {fields.length > SHOWN_MAX && (
        <Button size="compact-xs" variant="subtle" mt={4} onClick={() => setWhole(!isWhole)} aria-expanded={isWhole}>
          {isWhole ? 'Show less' : `${fields.length - SHOWN_MAX} more`}
        </Button>
      )}
    </>
  );
}
