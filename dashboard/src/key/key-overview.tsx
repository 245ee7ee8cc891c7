import type { ApiKey } from '../api/wire';
import { ConfirmStored } from './confirm-stored';
import { ExposuresSection } from './exposures-section';
import { KeyFacts } from './key-facts';
import classes from './key-overview.module.css';
import { KeyTimeline } from './key-timeline';
import { KeyVerdict } from './key-verdict';
import { LimitSection } from './limit-section';
import { RotationSection } from './rotation-section';
import { ScopesSection } from './scopes-section';
import { UsageSection } from './usage-section';

/** The verdict first, then what it is made of. */
export function KeyOverview({ shown }: { readonly shown: ApiKey }) {
  const isActive = shown.state === 'active';
  return (
    <div className={classes['overview']}>
      {!shown.acknowledged && isActive && <ConfirmStored shown={shown} />}
      <KeyVerdict shown={shown} />
      <ExposuresSection keyId={shown.id} />
      <div className={classes['columns']}>
        <div className={classes['main']}>
          <UsageSection shown={shown} />
          {shown.type === 'standard' && <ScopesSection shown={shown} />}
        </div>
        <div>
          {isActive && <LimitSection shown={shown} />}
          <RotationSection shown={shown} />
        </div>
        <div>
          <KeyFacts shown={shown} />
          <KeyTimeline keyId={shown.id} />
        </div>
      </div>
    </div>
  );
}
