import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Identified, TIMESTAMP } from '../../core/database/base.entity.js';

/** An upstream API behind the guards. `src/gateway/` declares and guards it. */
@Entity('services')
@Index('services_slug', ['slug'], { unique: true })
export class Service extends Identified {
  /** Rises with each service. A key with full access covers the services up to a number. */
  @Column({ type: 'bigint', generated: 'identity', generatedIdentity: 'ALWAYS', insert: false, update: false })
  number: string;

  @Column('text')
  slug: string;

  @Column('text')
  label: string;

  @Column('text')
  description: string;

  /** Where clients reach it; null if not declared. */
  @Column('text', { nullable: true })
  url: string | null;

  /** `all`: also keys that got full access before the service existed. */
  @Column('text', { default: 'existing' })
  full_access: 'existing' | 'all';

  /** As declared, in their order. */
  @Column('jsonb', { default: [] })
  routes: object[];

  /** Rises with each change of the service, its resources or routes. */
  @Column('integer', { default: 1 })
  revision: number;

  /** Its doors refuse every request until it is resumed. */
  @Column({ ...TIMESTAMP, nullable: true })
  suspended_at: Date | null;
}

/** A resource of a service. Its name is unique among all services. */
@Entity('service_resources')
@Index('service_resources_service', ['service_id', 'position'])
export class ServiceResourceRow {
  @PrimaryColumn('text')
  name: string;

  @Column('uuid')
  @ForeignKey(() => Service, { name: 'service_resources_service_fk', onDelete: 'CASCADE' })
  service_id: string;

  /** The order within the service, from 0. */
  @Column('integer')
  position: number;

  @Column('text')
  label: string;

  @Column('text')
  description: string;

  @Column('text', { array: true })
  actions: string[];
}
