import { Alert } from '@mantine/core';
import { useMayChange } from '../api/session';
import { InfoIcon } from './icons';

/** Explains why the buttons of a Member are disabled. */
export function MemberNotice({ what }: { readonly what: string }) {
  if (useMayChange()) return null;
  return (
    <Alert variant="light" color="blue" icon={<InfoIcon />} mb="lg" data-testid="member-notice">
      You are a Member: you can view {what}. Only Owners and Admins can make changes.
    </Alert>
  );
}
