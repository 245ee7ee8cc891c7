import type { ScopeEntry } from '../api/wire';
import { date } from '../text/dates';
import { TYPE_LABELS } from '../text/key-words';
import { choiceOf, listOf } from '../text/list-of';
import { counted } from '../text/numbers';
import { expiryOf, isFull, type KeyDraft, lacksScopes, scopesOf } from './key-draft';

const LISTED_MAX = 6;

interface Known {
  readonly catalogue: readonly ScopeEntry[];
  /** The name of the selected agent. */
  readonly agentName?: string | undefined;
}

/** A sentence that sums up the form: "This key may …". */
export function keySentence(draft: KeyDraft, known: Known): string {
  if (lacksScopes(draft)) return 'This key may do nothing yet: choose at least one scope.';
  const able = abilities(draft, known);
  if (able === undefined) return 'This key may do nothing: the resources of its scopes are switched off.';
  return [`This key may ${able}`, ...conditions(draft)].join(', ') + '.';
}

/** Undefined: the catalogue has none of its scopes. */
function abilities(draft: KeyDraft, { catalogue, agentName }: Known): string | undefined {
  if (draft.kind === 'event') return `post ${TYPE_LABELS[draft.type]} events, and nothing else`;
  if (isFull(draft)) return 'do everything that the API offers, in the whole organization';
  const words = grants(scopesOf(draft), catalogue, draft.kind === 'key_secret' ? 'agent' : 'org');
  if (words.length === 0) return undefined;
  const listed =
    words.length > LISTED_MAX ? [...words.slice(0, LISTED_MAX), `${words.length - LISTED_MAX} more`] : words;
  return listOf(listed) + (draft.kind === 'key_secret' ? ` for the agent ${agentName ?? '…'}` : '');
}

/** `read and write contacts`, in the catalogue's order. */
function grants(
  scopes: readonly string[],
  catalogue: readonly ScopeEntry[],
  audience: ScopeEntry['audience'],
): string[] {
  return catalogue
    .filter((entry) => entry.audience === audience)
    .flatMap(({ resource, label, actions }) => {
      const granted = actions.filter((action) => scopes.includes(`${resource}:${action}`));
      return granted.length === 0 ? [] : [`${listOf(granted)} ${label.toLowerCase().replace(/ access$/, '')}`];
    });
}

function conditions(draft: KeyDraft): string[] {
  const { allowed_ips: ips, allowed_origins: origins, per_minute, per_hour } = draft;
  const rates = [
    ...(per_minute === '' ? [] : [`${counted(per_minute, 'request')} a minute`]),
    ...(per_hour === '' ? [] : [`${counted(per_hour, 'request')} an hour`]),
  ];
  return [
    ...(ips.length > 0 ? [`from ${ips.length > 3 ? `${ips.length} addresses` : choiceOf(ips)} only`] : []),
    ...(draft.kind === 'event' && origins.length > 0 ? [`on pages of ${choiceOf(origins)} only`] : []),
    ...(rates.length > 0 ? [`at most ${listOf(rates)}`] : []),
    ...untilWhen(draft),
  ];
}

function untilWhen(draft: KeyDraft): string[] {
  if (draft.expiry === 'date' && draft.expiry_date === '') return [];
  const end = expiryOf(draft);
  return [end === null ? 'until it is revoked' : `until ${date(end)}`];
}
