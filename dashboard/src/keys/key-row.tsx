import { memo, type MouseEvent } from 'react';
import type { KeySummary, UsageDay } from '../api/wire';
import { MoreIcon } from '../shell/icons';
import { labelOf } from '../text/key-words';
import { count, counted, percent, shortCount } from '../text/numbers';
import { When } from '../text/when';
import { marksOfRow } from './findings';
import { KeyLink } from './key-link';
import classes from './keys-table.module.css';
import { MarkBadges } from './mark-badges';
import { type FloatingKind, floatingId } from './floating';
import { deniedShare } from './sort-keys';
import { Sparkline } from './sparkline';
import { RowTags } from './tag-chips';

const MARKS_SHOWN_MAX = 1;
/** The share of denied requests from which it stands out. */
const MANY_DENIED = 0.05;

interface Props {
  readonly shown: KeySummary;
  readonly days: readonly UsageDay[] | undefined;
  /** The place in the whole list, from 0. */
  readonly index: number;
  /** Undefined: rows can't be selected. */
  readonly isSelected: boolean | undefined;
  readonly onSelect: (id: string, isRange: boolean) => void;
  readonly onOpen: (kind: FloatingKind, shown: KeySummary, anchor: HTMLElement) => void;
  /** What is open at this row. */
  readonly open: FloatingKind | undefined;
}

/** Plain elements, because components of the library would make scrolling slow. */
export const KeyRow = memo(function KeyRow({ shown, days, index, isSelected, onSelect, onOpen, open }: Props) {
  const { id, name, description, masked_key, tags, requests_30_days: requests } = shown;
  const denied = deniedShare(shown);
  return (
    // The first row has the column titles.
    <tr aria-rowindex={index + 2} className={classes['row']} data-selected={isSelected || undefined}>
      {isSelected !== undefined && (
        <td className={classes['select']}>
          <label>
            <input
              type="checkbox"
              aria-label={`Select ${name}`}
              checked={isSelected}
              onChange={() => undefined}
              onClick={(event: MouseEvent) => onSelect(id, event.shiftKey)}
            />
          </label>
        </td>
      )}
      <td className={classes['name']} title={description ?? undefined}>
        <KeyLink to={shown} />
        <div className={classes['sub']}>
          <span className={classes['masked']}>{masked_key}</span> <RowTags tags={tags} />
          <span className={classes['narrow']}>
            {' · '}
            <LastUsed shown={shown} />
          </span>
        </div>
      </td>
      <td className={classes['kind']}>{labelOf(shown)}</td>
      <td className={classes['access']}>
        <Access shown={shown} isOpen={open === 'scopes'} onOpen={onOpen} />
      </td>
      <td className={classes['status']}>
        <MarkBadges marks={marksOfRow(shown)} shownMax={MARKS_SHOWN_MAX} />
      </td>
      <td className={classes['usage']}>
        <div>
          <Sparkline days={days} />
          <span className="number" title={`${counted(requests, 'request')} in the last 30 days`}>
            {shortCount(requests)}
          </span>
        </div>
      </td>
      <td className={`number ${classes['denied']}`} data-many={(denied ?? 0) >= MANY_DENIED || undefined}>
        {denied === null ? (
          <Quiet>–</Quiet>
        ) : (
          <span title={`${count(shown.denied_30_days)} denied in the last 30 days`}>{percent(denied)}</span>
        )}
      </td>
      <td className={classes['lastUsed']}>
        <LastUsed shown={shown} />
      </td>
      <td className={classes['expires']}>
        {shown.expires_at ? <When at={shown.expires_at} as="date" /> : <Quiet>Never</Quiet>}
      </td>
      <td className={classes['created']}>
        <When at={shown.created_at} as="date" />
        <div className={classes['sub']}>{shown.created_by.name}</div>
      </td>
      <td className={classes['more']}>
        <button
          type="button"
          id={floatingId('menu', id)}
          aria-haspopup="menu"
          aria-expanded={open === 'menu'}
          onClick={({ currentTarget }) => onOpen('menu', shown, currentTarget)}
        >
          <MoreIcon size={16} />
          <span className="visually-hidden">Actions for {name}</span>
        </button>
      </td>
    </tr>
  );
});

function LastUsed({ shown: { last_used_at } }: { readonly shown: KeySummary }) {
  return last_used_at ? <When at={last_used_at} as="relative" /> : <Quiet>Never used</Quiet>;
}

interface AccessProps extends Pick<Props, 'shown' | 'onOpen'> {
  readonly isOpen: boolean;
}

function Access({ shown, isOpen, onOpen }: AccessProps) {
  const { id, name, type, access, scopes_count } = shown;
  if (type !== 'standard') return <Quiet>Posts events</Quiet>;
  if (access === 'full') return <strong>Full access</strong>;
  return (
    <button
      type="button"
      id={floatingId('scopes', id)}
      aria-haspopup="dialog"
      aria-expanded={isOpen}
      onClick={({ currentTarget }) => onOpen('scopes', shown, currentTarget)}
    >
      {counted(scopes_count, 'scope')}
      <span className="visually-hidden"> of {name}</span>
    </button>
  );
}

function Quiet({ children }: { readonly children: string }) {
  return <span className={classes['quiet']}>{children}</span>;
}
