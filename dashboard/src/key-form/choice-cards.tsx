import { Radio, Text } from '@mantine/core';
import classes from './choice-cards.module.css';

export interface Choice<Value extends string> {
  readonly value: Value;
  readonly label: string;
  readonly hint: string;
}

interface Props<Value extends string> {
  readonly label: string;
  readonly choices: readonly Choice<Value>[];
  readonly value: Value | null;
  readonly onChange: (value: Value) => void;
}

/** Radio buttons as cards, with a sentence about each. */
export function ChoiceCards<Value extends string>({ label, choices, value, onChange }: Props<Value>) {
  return (
    <Radio.Group value={value} onChange={(chosen) => onChange(chosen as Value)} aria-label={label}>
      <div className={classes['choices']}>
        {choices.map(({ value: each, label: name, hint }) => (
          <Radio.Card key={each} value={each} className={classes['choice']!} radius="md">
            <div className={classes['head']}>
              <Radio.Indicator size="xs" />
              <Text fw={600} size="sm">
                {name}
              </Text>
            </div>
            <Text size="xs" c="dimmed" mt={6}>
              {hint}
            </Text>
          </Radio.Card>
        ))}
      </div>
    </Radio.Group>
  );
}
