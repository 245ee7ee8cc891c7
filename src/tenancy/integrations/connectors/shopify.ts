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
 * GraphQL Admin API; its REST API is a legacy. A version that is no longer supported is answered as the oldest that is,
 * and the id of a shop is there for any token of it.
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
  // 404: there is no such shop.
  rejectedBy: [401, 403, 404],
  judge: (answer) => {
    if (typeof fieldOf(fieldOf(fieldOf(answer, 'data'), 'shop'), 'id') === 'string') return 'accepted';
    return JSON.stringify(fieldOf(answer, 'errors') ?? '').includes('"ACCESS_DENIED"') ? 'rejected' : 'failed';
  },
});
