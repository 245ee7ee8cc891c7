import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { EmptyState } from './empty-state';
import { SearchIcon } from './icons';

export function NoSuchPage() {
  return (
    <EmptyState icon={<SearchIcon size={22} />} title="Page not found">
      <Button component={Link} to="/" variant="default">
        Go to API keys
      </Button>
    </EmptyState>
  );
}
