import { Button, Code, Group, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import { Dialog } from './dialog';
import { Problem } from './problem';

interface Props {
  readonly title: string;
  /** The label of the button. */
  readonly action: string;
  /** The text that the user must type. */
  readonly word: string;
  readonly children: ReactNode;
  readonly isPending: boolean;
  readonly error: Error | null;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/** Confirms an action that can't be undone. */
export function TypedConfirmation({ title, action, word, children, isPending, error, onConfirm, onClose }: Props) {
  const [typed, setTyped] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (typed === word) onConfirm();
  };
  return (
    <Dialog onClose={onClose} title={title}>
      <form onSubmit={submit}>
        <Stack>
          <Text size="sm" component="div">
            {children}
          </Text>
          <WordField word={word} value={typed} onChange={setTyped} />
          {error && <Problem error={error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" color="red" className="danger" disabled={typed !== word} loading={isPending}>
              {action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}

interface WordFieldProps {
  readonly word: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

export function WordField({ word, value, onChange }: WordFieldProps) {
  return (
    <TextInput
      label={
        <>
          Type <Code>{word}</Code> to confirm
        </>
      }
      value={value}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
      autoComplete="off"
      data-autofocus
    />
  );
}
