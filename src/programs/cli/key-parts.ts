import { SecretVerifier } from '../../access/credentials/secret-verifier.js';
import { ScopeCatalogue } from '../../access/scopes/scope-catalogue.service.js';
import { KnowledgeBase } from '../../resources/knowledge/knowledge-bases/knowledge-base.entity.js';
import { Agent } from '../../tenancy/agents/agent.entity.js';
import { Agents } from '../../tenancy/agents/agents.service.js';
import { ApiKey } from '../../tenancy/api-keys/api-key.entity.js';
import { ApiKeys } from '../../tenancy/api-keys/api-keys.service.js';
import { KeyCredential } from '../../tenancy/api-keys/key-credential.entity.js';
import { KeyMint } from '../../tenancy/api-keys/key-mint.js';
import { KeySuspensions } from '../../tenancy/api-keys/key-suspensions.service.js';
import { KeyPolicies } from '../../tenancy/key-policies/key-policies.service.js';
import { KeyPolicy } from '../../tenancy/key-policies/key-policy.entity.js';
import { Org } from '../../tenancy/orgs/org.entity.js';
import { Partner } from '../../tenancy/partners/partner.entity.js';
import { GrantableScopes } from '../../tenancy/services/grantable-scopes.js';
import { Service, ServiceResourceRow } from '../../tenancy/services/service.entity.js';
import { Installation } from '../../tenancy/signing-keys/installation.entity.js';
import { SigningKey } from '../../tenancy/signing-keys/signing-key.entity.js';
import { SigningKeys } from '../../tenancy/signing-keys/signing-keys.service.js';

/** What commands that create keys load. */
export const KEY_PARTS = {
  services: [
    ApiKeys,
    KeySuspensions,
    KeyPolicies,
    KeyMint,
    ScopeCatalogue,
    GrantableScopes,
    SigningKeys,
    SecretVerifier,
    Agents,
  ],
  entities: [
    Partner,
    Org,
    Service,
    ServiceResourceRow,
    ApiKey,
    KeyCredential,
    KeyPolicy,
    Agent,
    KnowledgeBase,
    Installation,
    SigningKey,
  ],
};
