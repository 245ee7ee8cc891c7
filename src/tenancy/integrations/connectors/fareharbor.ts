import { defineConnector, fieldOf } from '../connector.js';
import { IsSecret } from './credential-fields.js';

class FareHarborCredentials {
  /** Of the application. */
  @IsSecret()
  app_key: string;

  /** Of the user at one affiliate. */
  @IsSecret()
  user_key: string;
}

/** External API v1, which answers a wrong key with 403 (its `external-api/authentication.md` and `error-codes.md`). */
export const fareharbor = defineConnector({
  key: 'fareharbor',
  credentials: FareHarborCredentials,
  baseUrl: 'https://fareharbor.com/api/external/v1',
  check: ({ app_key, user_key }) => ({
    path: '/companies/',
    headers: { 'X-FareHarbor-API-App': app_key, 'X-FareHarbor-API-User': user_key },
  }),
  rejectedBy: [401, 403],
  judge: (answer) => (Array.isArray(fieldOf(answer, 'companies')) ? 'accepted' : 'failed'),
});
