import { Button, Popover, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { type FormEvent, useState } from 'react';
import classes from './filter-chip.module.css';
import { FilterChip } from './filter-chip';

interface Props {
  readonly label: string;
  readonly placeholder: string;
  readonly value: string | undefined;
  readonly isValid: (text: string) => boolean;
  /** Shown for a text that is not valid. */
  readonly problem: string;
  readonly onChange: (value: string | undefined) => void;
}

/** A filter by a text that the user types or pastes. */
export function TextFilter({ label, placeholder, value, isValid, problem, onChange }: Props) {
  const [isOpen, { open, close, toggle }] = useDisclosure();
  const [typed, setTyped] = useState('');
  const [isWrong, setWrong] = useState(false);
  const show = () => {
    setTyped(value ?? '');
    setWrong(false);
    if (isOpen) close();
    else open();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const text = typed.trim();
    if (text !== '' && !isValid(text)) return setWrong(true);
    onChange(text || undefined);
    close();
  };
  return (
    <Popover
      opened={isOpen}
      onChange={toggle}
      position="bottom-start"
      width={300}
      trapFocus
      returnFocus
      withRoles={false}
    >
      <Popover.Target>
        <FilterChip label={label} value={value} isOpen={isOpen} onClick={show} onClear={() => onChange(undefined)} />
      </Popover.Target>
      {/* oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- the library positions a div */}
      <Popover.Dropdown role="dialog" aria-label={label}>
        <form onSubmit={submit} className={classes['form']}>
          <TextInput
            flex={1}
            label={label}
            placeholder={placeholder}
            value={typed}
            error={isWrong && problem}
            onChange={({ currentTarget }) => {
              setTyped(currentTarget.value);
              setWrong(false);
            }}
            data-autofocus
          />
          <Button type="submit">Apply</Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
