import { defineConnector, fieldOf } from '../connector.js';
import { IsSecret, IsSubdomain } from './credential-fields.js';

class ShopifyCredentials {
  /** `acme` of acme.myshopify.com. */
  @IsSubdomain()
  shop: string;

  /** Of the Admin API. */
  @IsSecret()
  access_token: string;
}

/**
 * GraphQL Admin API; the REST API is legacy. Shopify answers an unsupported version as the oldest supported one. Any
 * token of a shop can read the shop's id.
 */
export const shopify = defineConnector({
  key: 'shopify',
  credentials: ShopifyCredentials,
  baseUrl: 'https://{shop}.myshopify.com/admin/api/2026-10',
  check: ({ access_token }) => ({
    path: '/graphql.json',
    headers: { 'X-Shopify-Access-Token': access_token },
    body: { query: '{ shop { id } }' },
  }),
  // 404: the shop doesn't exist.
  rejectedBy: [401, 403, 404],
  checkAnswer: (answer) => {
    if (typeof fieldOf(fieldOf(fieldOf(answer, 'data'), 'shop'), 'id') === 'string') return 'accepted';
    return JSON.stringify(fieldOf(answer, 'errors') ?? '').includes('"ACCESS_DENIED"') ? 'rejected' : 'failed';
  },
});
