import { Link } from '@tanstack/react-router';
import type { Finding, KeyHealth } from '../api/wire';
import { When } from '../text/when';
import classes from './finding-list.module.css';
import type { KeyTab } from './key-page-search';

type Step = { readonly label: string } & (
  | { readonly tab: KeyTab }
  | { readonly section: 'scopes' | 'credentials' | 'exposures' }
  | { readonly outcome: 'denied' }
);

/** Where to look into a finding, or to do something about it. */
const STEPS: Readonly<Partial<Record<Finding, Step>>> = {
  exposed: { label: 'See where', section: 'exposures' },
  mostly_denied: { label: 'View denied requests', outcome: 'denied' },
  near_limit: { label: 'Change the limit', tab: 'settings' },
  old_credential_in_use: { label: 'See who uses it', section: 'credentials' },
  expiring: { label: 'Change the expiry', tab: 'settings' },
  wider_than_used: { label: 'Review scopes', section: 'scopes' },
  full_access: { label: 'Review scopes', section: 'scopes' },
  never_expires: { label: 'Set an expiry', tab: 'settings' },
};

interface Props {
  readonly id: string;
  readonly findings: KeyHealth['findings'];
}

export function FindingList({ id, findings }: Props) {
  return (
    <ul className={classes['findings']} aria-label="Findings">
      {findings.map(({ code, severity, message, since }) => {
        const step = STEPS[code];
        return (
          <li key={code} data-severity={severity}>
            <span className={classes['message']}>
              {message}
              {since && (
                <span className={classes['since']}>
                  {' '}
                  Since <When at={since} as="date" />.
                </span>
              )}
            </span>
            {step && <StepLink id={id} step={step} />}
          </li>
        );
      })}
    </ul>
  );
}

function StepLink({ id, step }: { readonly id: string; readonly step: Step }) {
  if ('outcome' in step) {
    return (
      <Link to="/requests" search={{ key: id, outcome: step.outcome, days: 7 }}>
        {step.label}
      </Link>
    );
  }
  const target = 'tab' in step ? { search: { tab: step.tab } } : { hash: step.section };
  return (
    <Link to="/keys/$keyId" params={{ keyId: id }} {...target}>
      {step.label}
    </Link>
  );
}
