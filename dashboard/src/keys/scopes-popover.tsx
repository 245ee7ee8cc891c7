import { Popover, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { scopeUsesQuery } from '../api/key-insight';
import { AnchorTo } from '../shell/anchor-to';
import { useFocusReturn } from '../shell/dialog';
import { Problem } from '../shell/problem';
import { counted } from '../text/numbers';
import { When } from '../text/when';
import { type Floating, floatingName } from './floating';
import classes from './scopes-popover.module.css';

interface Props extends Floating {
  readonly onClose: () => void;
}

/** The scopes of a key and when each was used last. The default export is for lazy(). */
export default function ScopesPopover({ shown: { id, name }, anchor, onClose }: Props) {
  useFocusReturn();
  const { data, error, refetch } = useQuery(scopeUsesQuery(id));
  const granted = data?.items.filter((use) => use.granted) ?? [];
  const used = granted.filter(({ last_used_at }) => last_used_at !== null).length;
  return (
    <Popover
      opened
      onClose={onClose}
      onDismiss={onClose}
      id={floatingName('scopes', id)}
      position="bottom-start"
      offset={4}
      width={340}
      trapFocus
      shadow="md"
    >
      <Popover.Target>
        <AnchorTo element={anchor} />
      </Popover.Target>
      <Popover.Dropdown className={classes['popover']!} aria-label={`Scopes of ${name}`}>
        {error && <Problem error={error} onRetry={() => void refetch()} />}
        {!data && !error && <Skeleton h={96} aria-label="Loading the scopes" />}
        {data && (
          <>
            <p className={classes['sum']}>
              {counted(granted.length, 'scope')}, {used} used
            </p>
            <ul className={classes['scopes']}>
              {granted.map(({ scope, last_used_at }) => (
                <li key={scope}>
                  <code>{scope}</code>
                  <span className={classes['when']}>
                    {last_used_at ? <When at={last_used_at} as="relative" /> : 'Not used'}
                  </span>
                </li>
              ))}
            </ul>
            <Link to="/keys/$keyId" params={{ keyId: id }} hash="scopes" className={classes['review']!}>
              Review scopes
            </Link>
          </>
        )}
      </Popover.Dropdown>
    </Popover>
  );
}
