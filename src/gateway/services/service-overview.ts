import { Injectable } from '@nestjs/common';
import { KeyDirectory } from '../../tenancy/api-keys/key-directory.js';
import { reachingKeys } from './reaching-keys.js';
import type { ServiceList } from './service-view.dto.js';
import { Services } from './services.service.js';
import { scopesOf } from './stored-services.js';

const KEYS_LISTED_MAX = 100;

/** The services as an org sees them: what they offer, and which of its keys reach them. */
@Injectable()
export class ServiceOverview {
  constructor(
    private readonly services: Services,
    private readonly keys: KeyDirectory,
  ) {}

  async list(orgId: string): Promise<ServiceList> {
    const [services, keys] = await Promise.all([this.services.list(), this.keys.active(orgId)]);
    return {
      items: services.map(({ row, declaration }) => {
        const reaching = reachingKeys(row, new Set(scopesOf(declaration)), keys);
        const { service, label, description, full_access, resources, routes } = declaration;
        return {
          service,
          label,
          description,
          url: row.url,
          full_access,
          resources,
          routes,
          suspended_at: row.suspended_at,
          keys: reaching.slice(0, KEYS_LISTED_MAX),
          key_count: reaching.length,
        };
      }),
    };
  }
}
