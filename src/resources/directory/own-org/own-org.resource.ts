import type { Resource } from '../../../kit/crud/define-resource.js';
import { OrgsModule } from '../../../tenancy/orgs/orgs.module.js';
import { OrgController } from './own-org.controller.js';

export const ownOrg: Resource = {
  entities: [],
  controllers: [OrgController],
  providers: [],
  imports: [OrgsModule],
};
