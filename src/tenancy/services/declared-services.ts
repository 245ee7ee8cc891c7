import { Injectable } from '@nestjs/common';
import { Database } from '../../core/database/database.js';
import { Service } from './service.entity.js';

export type NamedService = Pick<Service, 'slug' | 'label' | 'description'>;

/** Names the declared services, which all orgs share. */
@Injectable()
export class DeclaredServices {
  constructor(private readonly database: Database) {}

  /** In the order of their creation, without routes, which may be many. */
  names(): Promise<NamedService[]> {
    const select = { slug: true, label: true, description: true };
    return this.database.manager.find(Service, { select, order: { number: 'ASC' } });
  }

  hasAny(): Promise<boolean> {
    return this.database.manager.exists(Service);
  }
}
