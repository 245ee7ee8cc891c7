import { Anchor } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { exposuresQuery } from '../api/key-insight';
import type { KeyExposure } from '../api/wire';
import { Section } from '../key-form/section';
import { When } from '../text/when';
import classes from './exposures-section.module.css';

const REPORTERS: Readonly<Record<KeyExposure['reported_by'], string>> = {
  github: 'GitHub secret scanning',
  holder: 'Someone who had the key',
};
const ACTIONS: Readonly<Record<KeyExposure['action'], string>> = {
  revoked: 'The key was revoked.',
  suspended: 'The key was suspended.',
  credential_ended: 'Only the replaced key was found, and it was ended.',
  told: 'Nothing was stopped.',
};

/** Where the key was found in public; nothing for a key that was not. */
export function ExposuresSection({ keyId }: { readonly keyId: string }) {
  const { data: exposures = [] } = useQuery(exposuresQuery(keyId));
  if (exposures.length === 0) return null;
  return (
    <div id="exposures" className={classes['section']}>
      <Section title="Found in public" hint="Rotate the key without an overlap, or revoke it. Then remove it there.">
        <ul className={classes['places']}>
          {exposures.map((exposure) => (
            <li key={exposure.id}>
              <Place exposure={exposure} />
              <p>
                {REPORTERS[exposure.reported_by]} reported it <When at={exposure.created_at} as="relative" />.{' '}
                {ACTIONS[exposure.action]}
              </p>
            </li>
          ))}
        </ul>
      </Section>
    </div>
  );
}

function Place({ exposure: { url, found_in } }: { readonly exposure: KeyExposure }) {
  const kind = found_in && ` (${found_in.replaceAll('_', ' ')})`;
  // The URL is whatever the report said.
  if (url === null || !/^https?:\/\//.test(url))
    return (
      <strong>
        {url ?? 'Unknown place'}
        {kind}
      </strong>
    );
  return (
    <strong>
      <Anchor href={url} target="_blank" rel="noopener noreferrer" className={classes['url']!}>
        {url}
      </Anchor>
      {kind}
    </strong>
  );
}
