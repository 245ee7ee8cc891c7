import { Button, Text } from '@mantine/core';
import { CodeBlock } from '../shell/code-block';
import { EmptyState } from '../shell/empty-state';
import { RequestsIcon, SearchIcon } from '../shell/icons';
import { curl, headersOf } from '../text/curl';
import type { RequestsSearch } from './requests-search';

interface Props {
  readonly search: RequestsSearch;
  readonly onClear: () => void;
}

export function NoRequests({ search: { open: _, ...filters }, onClear }: Props) {
  if (Object.keys(filters).length > 0) {
    return (
      <EmptyState icon={<SearchIcon size={22} />} title="No requests match">
        <Text c="dimmed" ta="center">
          {filters.request === undefined
            ? 'Try a longer period, or fewer filters. Depending on the settings of the server, successful reads are not all logged.'
            : 'No logged request has this ID. It may be older than the log, or a successful read, which are not all logged.'}
        </Text>
        <Button variant="default" onClick={onClear}>
          Clear filters
        </Button>
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={<RequestsIcon size={24} />} title="No requests in the last 24 hours">
      <Text c="dimmed" ta="center">
        Make a call with one of your keys, and it appears here within seconds:
      </Text>
      <div style={{ width: '100%' }}>
        <CodeBlock label="First call" text={curl(`${location.origin}/whoami`, headersOf({ token: 'YOUR_KEY' }))} />
      </div>
    </EmptyState>
  );
}
