import { Combobox, useCombobox } from '@mantine/core';
import { useState } from 'react';
import { FilterChip } from './filter-chip';

export interface Choice {
  readonly value: string;
  readonly label: string;
}

interface Props {
  readonly label: string;
  readonly choices: readonly Choice[];
  readonly value: string | undefined;
  /** The label of a value that is not among the choices. */
  readonly valueLabel?: string | undefined;
  readonly onChange: (value: string | undefined) => void;
  /** Asks for other choices instead of searching the given ones. */
  readonly onSearch?: (text: string) => void;
  readonly nothing?: string;
}

const SHOWN_MAX = 100;

/** A filter by one of several values, with a search if there are many. */
export function ChoiceFilter({ label, choices, value, valueLabel, onChange, onSearch, nothing = 'No matches' }: Props) {
  const [typed, setTyped] = useState('');
  const type = (text: string) => {
    setTyped(text);
    onSearch?.(text);
  };
  const box = useCombobox({
    onDropdownClose: (source) => {
      box.resetSelectedOption();
      type('');
      if (source === 'keyboard') box.focusTarget();
    },
    onDropdownOpen: () => box.focusSearchInput(),
  });
  const words = typed.trim().toLowerCase();
  const shown = (onSearch ? choices : choices.filter((it) => it.label.toLowerCase().includes(words))).slice(
    0,
    SHOWN_MAX,
  );
  return (
    <Combobox
      store={box}
      position="bottom-start"
      width={280}
      withinPortal
      onOptionSubmit={(chosen) => {
        onChange(chosen === value ? undefined : chosen);
        box.closeDropdown('keyboard');
      }}
    >
      <Combobox.Target targetType="button" withAriaAttributes={false} withKeyboardNavigation={false}>
        <FilterChip
          label={label}
          value={
            value === undefined ? undefined : (choices.find((it) => it.value === value)?.label ?? valueLabel ?? value)
          }
          isOpen={box.dropdownOpened}
          onClick={() => box.toggleDropdown()}
          onClear={() => onChange(undefined)}
        />
      </Combobox.Target>
      <Combobox.Dropdown>
        <section aria-label={`${label} filter`}>
          <Combobox.Search
            aria-label={`Search ${label.toLowerCase()}`}
            placeholder={label}
            value={typed}
            onChange={({ currentTarget }) => {
              type(currentTarget.value);
              box.updateSelectedOptionIndex();
            }}
          />
          <Combobox.Options mah={280} style={{ overflowY: 'auto' }} aria-label={label} tabIndex={0}>
            {shown.map((choice) => (
              <Combobox.Option key={choice.value} value={choice.value} active={choice.value === value}>
                {choice.label}
              </Combobox.Option>
            ))}
            {shown.length === 0 && <Combobox.Empty>{nothing}</Combobox.Empty>}
          </Combobox.Options>
        </section>
      </Combobox.Dropdown>
    </Combobox>
  );
}
