import { describeChanges } from '../declaration/describe-changes.js';
import type { KeyEffect } from './key-effects.js';
import type { ServicePlan } from './service-plan.js';

/** Renders a plan for people: a line per change, with the keys that it concerns. */
export function planLines({ changes, holders, fullAccess, effectOf }: ServicePlan): string[] {
  const lines = describeChanges(changes, ({ scope, needs }) => {
    if (needs) return effectText(effectOf({ before: { needs: needs.before }, after: { needs: needs.after } }));
    const held = scope === undefined ? undefined : holders.get(scope);
    return held === undefined ? undefined : `${keysText(held)} ${held === 1 ? 'holds' : 'hold'} it`;
  });
  if (fullAccess.gain > 0) lines.push(`  ${keysText(fullAccess.gain)} with older full access will reach the service`);
  if (fullAccess.lose > 0)
    lines.push(`  ${keysText(fullAccess.lose)} with older full access will not reach it any more`);
  return lines;
}

function effectText({ gain, lose }: KeyEffect): string {
  const gaining = gain === 1 ? '1 key gains' : `${gain} keys gain`;
  const losing = lose === 1 ? '1 key loses' : `${lose} keys lose`;
  const parts = [...(gain > 0 ? [gaining] : []), ...(lose > 0 ? [losing] : [])];
  return parts.length > 0 ? `${parts.join(', ')} access` : 'no key gains or loses access';
}

function keysText(count: number): string {
  return count === 1 ? '1 key' : `${count} keys`;
}
