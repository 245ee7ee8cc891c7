import { Button, Group, Modal, Stack, Text } from '@mantine/core';

interface Props {
  readonly onKeep: () => void;
  readonly onDiscard: () => void;
}

export function DiscardDialog({ onKeep, onDiscard }: Props) {
  return (
    <Modal opened onClose={onKeep} title="Discard unsaved changes?" closeButtonProps={{ 'aria-label': 'Close' }}>
      <Stack>
        <Text size="sm">Your changes will be lost.</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onKeep} data-autofocus>
            Keep editing
          </Button>
          <Button color="red" className="danger" onClick={onDiscard}>
            Discard changes
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
