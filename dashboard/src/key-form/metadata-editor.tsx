import { ActionIcon, Button, Input, TextInput } from '@mantine/core';
import { type ReactNode, useRef } from 'react';
import { CloseIcon, PlusIcon } from '../shell/icons';
import { METADATA_PAIRS_MAX, type MetadataPair, NAME_CHARACTERS_MAX, VALUE_CHARACTERS_MAX } from './label-rules';
import classes from './metadata-editor.module.css';

interface Props {
  readonly value: readonly MetadataPair[];
  readonly onChange: (pairs: MetadataPair[]) => void;
  readonly error?: ReactNode;
  readonly isReadOnly?: boolean;
}

/** Rows of keys and values. */
export function MetadataEditor({ value: pairs, onChange, error, isReadOnly = false }: Props) {
  const list = useRef<HTMLUListElement>(null);
  const change = (index: number, part: Partial<MetadataPair>) =>
    onChange(pairs.map((pair, at) => (at === index ? { ...pair, ...part } : pair)));
  const add = () => {
    onChange([...pairs, { name: '', value: '' }]);
    requestAnimationFrame(() => list.current?.querySelector<HTMLElement>('li:last-child input')?.focus());
  };
  return (
    <Input.Wrapper
      label="Metadata"
      labelElement="div"
      description="Your own facts about the key. They are in lists, webhooks and answers of verification."
      error={error}
    >
      <ul ref={list} className={classes['pairs']} style={{ marginTop: 6 }} aria-label="Metadata">
        {pairs.map(({ name, value }, index) => (
          // A row has no identity besides its place.
          // oxlint-disable-next-line react/no-array-index-key -- fields keep their state in the form
          <li key={index} className={classes['pair']}>
            <TextInput
              aria-label={`Metadata key ${index + 1}`}
              placeholder="owner"
              maxLength={NAME_CHARACTERS_MAX}
              value={name}
              onChange={({ currentTarget }) => change(index, { name: currentTarget.value })}
              spellCheck={false}
              autoCapitalize="off"
            />
            <TextInput
              aria-label={`Metadata value ${index + 1}`}
              placeholder="web-team"
              maxLength={VALUE_CHARACTERS_MAX}
              value={value}
              onChange={({ currentTarget }) => change(index, { value: currentTarget.value })}
            />
            {!isReadOnly && (
              <ActionIcon
                size={36}
                variant="subtle"
                color="gray"
                aria-label={`Remove metadata ${name || index + 1}`}
                onClick={() => onChange(pairs.filter((_, at) => at !== index))}
              >
                <CloseIcon size={16} />
              </ActionIcon>
            )}
          </li>
        ))}
      </ul>
      {!isReadOnly && pairs.length < METADATA_PAIRS_MAX && (
        <Button size="compact-sm" variant="subtle" leftSection={<PlusIcon size={14} />} onClick={add}>
          Add metadata
        </Button>
      )}
    </Input.Wrapper>
  );
}
