import { Check, Column, CreateDateColumn, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { TIMESTAMP } from '../../core/database/base.entity.js';
import { ApiKey } from '../../tenancy/api-keys/api-key.entity.js';

/** `holder`: the sender of the credential to `POST /credentials/revoke`. */
export const REPORTERS = ['github', 'holder'] as const;
export type Reporter = (typeof REPORTERS)[number];

/** `credential_ended`: only the credential that was found, because a newer one had replaced it. */
export const EXPOSURE_ACTIONS = ['revoked', 'suspended', 'credential_ended', 'told'] as const;
export type ExposureAction = (typeof EXPOSURE_ACTIONS)[number];

/** A place where a credential of a key was found. */
@Entity('key_exposures')
@Index('key_exposures_key', ['key_id', 'id'])
@Index('key_exposures_place', ['credential_id', 'reported_by', 'url'], { unique: true })
@Check('key_exposures_reporter', "reported_by IN ('github', 'holder')")
@Check('key_exposures_action', "action IN ('revoked', 'suspended', 'credential_ended', 'told')")
export class KeyExposure {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid')
  @ForeignKey(() => ApiKey, { name: 'key_exposures_key_fk', onDelete: 'CASCADE' })
  key_id: string;

  /** Stays when a later rotation forgets the credential. */
  @Column('uuid')
  credential_id: string;

  @Column('text')
  reported_by: Reporter;

  /** Empty: unknown. */
  @Column('text')
  url: string;

  /** The part of GitHub, such as `commit`. */
  @Column('text', { nullable: true })
  found_in: string | null;

  @Column('text')
  action: ExposureAction;

  @CreateDateColumn(TIMESTAMP)
  created_at: Date;
}
