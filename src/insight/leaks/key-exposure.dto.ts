import { About, Field } from '../../core/wire/field.js';
import { INSTANT, listOf, nullable, oneOf, TEXT, URI, UUID } from '../../core/wire/schema.js';
import { EXPOSURE_ACTIONS, type ExposureAction, REPORTERS, type Reporter } from './key-exposure.entity.js';

/** A place where a credential of a key was found. */
export class KeyExposureView {
  @Field(UUID)
  id: string;

  @About('The credential that was found.')
  @Field(UUID)
  credential_id: string;

  @About("`github`: GitHub's secret scanning. `holder`: a call of `POST /credentials/revoke`.")
  @Field(oneOf(REPORTERS))
  reported_by: Reporter;

  @About('Without query and fragment; null: unknown.')
  @Field(nullable(URI))
  url: string | null;

  @About("GitHub's word for the kind of place, such as `commit`; null: unknown.")
  @Field(nullable(TEXT))
  found_in: string | null;

  @About(
    '`credential_ended`: the credential had been replaced, and only it stopped working. `told`: nothing was stopped.',
  )
  @Field(oneOf(EXPOSURE_ACTIONS))
  action: ExposureAction;

  @Field(INSTANT)
  created_at: string;
}

export class KeyExposures {
  @About('Newest first, at most 100.')
  @Field(listOf(KeyExposureView))
  items: KeyExposureView[];
}
