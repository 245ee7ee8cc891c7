import type { ReactNode } from 'react';
import { TagIcon } from '../shell/icons';
import { KIND_LABELS } from '../text/key-words';
import { count } from '../text/numbers';
import type { FilteredKeys } from './filter-keys';
import classes from './filter-chips.module.css';
import { FINDINGS, FINDING_WORDS } from './findings';
import {
  chosenFindings,
  chosenKinds,
  KINDS,
  type KeysChange,
  type KeysSearch,
  toggled,
  toggledTag,
} from './keys-search';

const TAGS_OFFERED_MAX = 8;
const KIND_WORDS = { ...KIND_LABELS, event: 'Event' };

interface Props {
  readonly search: KeysSearch;
  readonly counts: Omit<FilteredKeys, 'keys'>;
  readonly onChange: (change: KeysChange) => void;
}

/** Filters as buttons with the number of keys that each would list. Those that would list none are left out. */
export function FilterChips({ search, counts, onChange }: Props) {
  const findings = chosenFindings(search);
  const kinds = chosenKinds(search);
  const { tag: tags = [] } = search;
  const hasAny = findings.length + kinds.length + tags.length > 0;
  // A chosen tag stays in sight.
  const offered = counts.tags.filter(([tag], place) => place < TAGS_OFFERED_MAX || tags.includes(tag));
  return (
    <div className={classes['bar']}>
      <fieldset aria-label="Filter by status">
        {FINDINGS.map((code) => (
          <Chip
            key={code}
            label={FINDING_WORDS[code].label}
            hint={FINDING_WORDS[code].hint}
            color={FINDING_WORDS[code].color}
            count={counts.findings[code]}
            isOn={findings.includes(code)}
            onClick={() => onChange({ finding: toggled(search.finding, code) })}
          />
        ))}
      </fieldset>
      <fieldset aria-label="Filter by kind">
        {KINDS.map((kind) => (
          <Chip
            key={kind}
            label={KIND_WORDS[kind]}
            count={counts.kinds[kind]}
            isOn={kinds.includes(kind)}
            onClick={() => onChange({ kind: toggled(search.kind, kind) })}
          />
        ))}
      </fieldset>
      <fieldset aria-label="Filter by tag">
        {offered.map(([tag, keys]) => (
          <Chip
            key={tag}
            label={tag}
            hint={`Keys with the tag ${tag}`}
            icon={<TagIcon size={13} />}
            count={keys}
            isOn={tags.includes(tag)}
            onClick={() => onChange({ tag: toggledTag(tags, tag) })}
          />
        ))}
      </fieldset>
      {hasAny && (
        <button
          type="button"
          className={classes['clear']}
          onClick={() => onChange({ kind: undefined, finding: undefined, tag: undefined })}
        >
          Clear filters
        </button>
      )}
    </div>
  );
}

interface ChipProps {
  readonly label: string;
  readonly hint?: string;
  readonly color?: string;
  readonly icon?: ReactNode;
  readonly count: number;
  readonly isOn: boolean;
  readonly onClick: () => void;
}

function Chip({ label, hint, color, icon, count: keys, isOn, onClick }: ChipProps) {
  if (keys === 0 && !isOn) return null;
  return (
    <button
      type="button"
      className={classes['chip']}
      data-color={color}
      title={hint}
      aria-pressed={isOn}
      onClick={onClick}
    >
      {icon}
      <span className={classes['label']}>{label}</span> <span className="number">{count(keys)}</span>
    </button>
  );
}
