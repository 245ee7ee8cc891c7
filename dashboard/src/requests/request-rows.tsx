import { Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import type { LoggedRequest } from '../api/request-types';
import { Method } from '../services/method';
import { count } from '../text/numbers';
import { clockTime, milliseconds } from './clock-time';
import classes from './request-rows.module.css';
import { RequestStatus, resultWords } from './request-status';
import { useVirtualRows } from './use-virtual-rows';

interface Props {
  readonly requests: readonly LoggedRequest[];
  readonly isKeyShown: boolean;
  /** The rows that came while the page was open. */
  readonly isFresh: (id: string) => boolean;
  readonly openedId: string | undefined;
  readonly onOpen: (id: string) => void;
  /** Called when the last rows come into view. */
  readonly onEnd: () => void;
}

const ROWS_LEFT_MIN = 20;

export function RequestRows({ requests, isKeyShown, isFresh, openedId, onOpen, onEnd }: Props) {
  const { body, rows, before, after, end } = useVirtualRows(requests.length);
  const isNearEnd = end >= requests.length - ROWS_LEFT_MIN;
  useEffect(() => {
    if (isNearEnd) onEnd();
  }, [isNearEnd, onEnd]);
  return (
    <table className={classes['table']} aria-label="Requests" aria-rowcount={requests.length + 1}>
      <thead>
        <tr aria-rowindex={1}>
          <th scope="col" className={classes['time']}>
            Time
          </th>
          <th scope="col" className={classes['result']}>
            Result
          </th>
          <th scope="col" className={classes['route']}>
            Request
          </th>
          {isKeyShown && (
            <th scope="col" className={classes['key']}>
              Key
            </th>
          )}
          <th scope="col" className={classes['address']}>
            Address
          </th>
          <th scope="col" className={classes['duration']}>
            Duration
          </th>
        </tr>
      </thead>
      <tbody ref={body}>
        <Space height={before} />
        {rows.map(({ index }) => {
          const request = requests[index];
          return (
            request && (
              <RequestRow
                key={request.id}
                shown={request}
                index={index}
                isKeyShown={isKeyShown}
                isFresh={isFresh(request.id)}
                isOpened={request.id === openedId}
                onOpen={onOpen}
              />
            )
          );
        })}
        <Space height={after} />
      </tbody>
    </table>
  );
}

/** Stands for the rows out of view. */
function Space({ height }: { readonly height: number }) {
  return (
    height > 0 && (
      <tr className={classes['space']} aria-hidden>
        <td style={{ height }} aria-label="Rows out of view" />
      </tr>
    )
  );
}

interface RowProps {
  readonly shown: LoggedRequest;
  readonly index: number;
  readonly isKeyShown: boolean;
  readonly isFresh: boolean;
  readonly isOpened: boolean;
  readonly onOpen: (id: string) => void;
}

function RequestRow({ shown, index, isKeyShown, isFresh, isOpened, onOpen }: RowProps) {
  const { id, at, method, route, outcome, key, client_address: address, country, duration_ms, weight } = shown;
  const call = `${method} ${route ?? 'an unknown path'}`;
  return (
    <tr
      className={`${classes['row']} ${isFresh ? classes['fresh'] : ''}`}
      aria-rowindex={index + 2}
      data-opened={isOpened || undefined}
    >
      <td className={classes['time']}>
        <OpenButton at={at} call={call} onClick={() => onOpen(id)} />
      </td>
      <td className={`${classes['result']} ${outcome === 'denied' ? classes['deniedWords'] : classes['quiet']}`}>
        <RequestStatus shown={shown} />
        {resultWords(shown)}
      </td>
      <td className={classes['route']} title={call}>
        <Method name={method} /> <RouteName route={route} />
        {weight > 1 && (
          <span className={classes['weight']} title={`Stands for ${count(weight)} requests`}>
            ×{count(weight)}
          </span>
        )}
      </td>
      {isKeyShown && (
        <td className={classes['key']}>
          {key ? (
            <Link
              to="/keys/$keyId"
              params={{ keyId: key.id }}
              className={classes['keyLink']!}
              title={key.name ?? undefined}
            >
              {key.name ?? 'Deleted key'}
            </Link>
          ) : (
            <span className={classes['quiet']}>–</span>
          )}
        </td>
      )}
      <td className={classes['address']} title={address ?? undefined}>
        <span className="mono">{address ?? '–'}</span> {country && <span className={classes['quiet']}>{country}</span>}
      </td>
      <td className={`number ${classes['duration']} ${classes['quiet']}`}>{milliseconds(duration_ms)}</td>
    </tr>
  );
}

interface OpenProps {
  readonly at: string;
  readonly call: string;
  readonly onClick: () => void;
}

function OpenButton({ at, call, onClick }: OpenProps) {
  return (
    <button type="button" className={classes['open']} onClick={onClick} aria-haspopup="dialog">
      <time dateTime={at}>{clockTime(at)}</time>
      <span className="visually-hidden">, open {call}</span>
    </button>
  );
}

function RouteName({ route }: { readonly route: string | null }) {
  if (route === null) return <span className={classes['quiet']}>No route matched</span>;
  return <span className="mono">{route}</span>;
}
