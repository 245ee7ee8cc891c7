import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { keyQuery } from '../api/keys';
import type { ApiKey } from '../api/wire';
import { draftOf, type KeyDraft } from '../key-form/key-draft';
import { rebaseDraft } from '../key-form/rebase-draft';
import type { KeyForm } from '../key-form/use-key-form';

interface OpenedKey {
  /** The version that the form was opened with, which changes are meant for. */
  readonly opened: ApiKey;
  /** Set after `reload`: the fields that both editors changed. */
  readonly conflicts: readonly (keyof KeyDraft)[] | undefined;
  readonly isLoading: boolean;
  /** Opens the newest version, and keeps what was typed. */
  readonly reload: () => Promise<void>;
  /** Opens a version that was just saved. */
  readonly reopen: (key: ApiKey) => void;
}

/** Remembers which version of a key a form edits, because the page may show a newer one meanwhile. */
export function useOpenedKey(shown: ApiKey, form: KeyForm): OpenedKey {
  const client = useQueryClient();
  const [opened, setOpened] = useState(shown);
  const [conflicts, setConflicts] = useState<OpenedKey['conflicts']>();
  const [isLoading, setLoading] = useState(false);

  const open = (key: ApiKey, draft: KeyDraft): void => {
    setOpened(key);
    form.setInitialValues(draftOf(key));
    form.setValues(draft);
    form.clearErrors();
  };
  const reopen = (key: ApiKey): void => {
    setConflicts(undefined);
    open(key, draftOf(key));
  };
  const reload = async (): Promise<void> => {
    setLoading(true);
    try {
      const current = await client.fetchQuery({ ...keyQuery(opened.id), staleTime: 0 });
      const rebased = rebaseDraft(draftOf(opened), form.values, draftOf(current));
      open(current, rebased.draft);
      setConflicts(rebased.conflicts);
    } finally {
      setLoading(false);
    }
  };
  // Without edits there is nothing to keep.
  const isNewer = shown.revision > opened.revision && !form.isDirty();
  useEffect(() => {
    // oxlint-disable-next-line react/set-state-in-effect -- the fields are a system of their own, which follows the query
    if (isNewer) reopen(shown);
  });
  return { opened, conflicts, isLoading, reload, reopen };
}
