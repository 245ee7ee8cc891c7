import type { ScopeEntry } from '../api/wire';
import { date } from '../text/dates';
import { TYPE_LABELS } from '../text/key-words';
import { choiceOf, listOf } from '../text/list-of';
import { counted } from '../text/numbers';
import { expiryOf, isFull, type KeyDraft, lacksScopes, scopesOf } from './key-draft';

const LISTED_MAX = 6;

interface Known {
  readonly entries: readonly ScopeEntry[];
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
function abilities(draft: KeyDraft, { entries, agentName }: Known): string | undefined {
  if (draft.kind === 'event') return `post ${TYPE_LABELS[draft.type]} events, and nothing else`;
  if (isFull(draft)) {
    const hasServices = entries.some(({ service }) => service !== null);
    const builtIn = 'do everything that the API offers, in the whole organization';
    return builtIn + (hasServices ? ', and call each service that its full access covers' : '');
  }
  const { kind } = draft;
  const granted = grants(scopesOf(draft), entries, kind === 'key_secret' ? 'agent' : 'org');
  if (granted.length === 0) return undefined;
  const listed = granted.slice(0, LISTED_MAX);
  const more = granted.length - listed.length;
  const builtIn = listed.filter(({ service }) => service === null).map(({ words }) => words);
  const services = [...new Set(listed.flatMap(({ service }) => service ?? []))];
  return listOf([
    // An agent limits what is built in. A service decides itself what belongs to an agent.
    ...(kind === 'key_secret' && builtIn.length > 0
      ? [`${listOf(builtIn)} for the agent ${agentName ?? '…'}`]
      : builtIn),
    ...services.map(
      (name) => `${listOf(listed.filter((it) => it.service === name).map(({ words }) => words))} in ${name}`,
    ),
    ...(more > 0 ? [`${more} more`] : []),
  ]);
}

interface Grant {
  /** `read and write contacts` */
  readonly words: string;
  /** The label of the service; null: built in. */
  readonly service: string | null;
}

/** What the scopes allow, by resource in the catalogue's order. Services take the scopes of every audience. */
function grants(
  scopes: readonly string[],
  entries: readonly ScopeEntry[],
  audience: ScopeEntry['audience'],
): readonly Grant[] {
  return entries
    .filter((entry) => entry.service !== null || entry.audience === audience)
    .flatMap(({ resource, label, actions, service_label }) => {
      const granted = actions.filter((action) => scopes.includes(`${resource}:${action}`));
      if (granted.length === 0) return [];
      return [{ words: `${listOf(granted)} ${label.toLowerCase().replace(/ access$/, '')}`, service: service_label }];
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
